"""The commands as people really type them: filters that combine, names, odd spaces; and answers that read as a person would write."""

from __future__ import annotations

import re

import pytest

from tests.world import CHANNEL, World


async def test_overdue_are_the_tickets_with_a_missed_target_that_nobody_has_met_yet(world: World) -> None:
    late, met, young = await world.ticket("Late"), await world.ticket("Met"), 0
    await world.says(f"claim {met}")
    await world.pass_time(hours=3)
    young = await world.ticket("Young")
    for words in ("list overdue", "列表 超时"):
        said = await world.says(words)
        assert (f"T-{late}" in said, f"T-{met}" in said, f"T-{young}" in said) == (True, False, False), words
    await world.pass_time(hours=80)
    await world.says(f"resolve {met}")
    await world.says(f"close {late}", by="chen")
    found = (await world.call("GET", "/v1/tickets?overdue=true"))["items"]
    assert {each["number"] for each in found} == {met, young}, "resolved, but its closure is missed; closed is no longer overdue"
    calm = (await world.call("GET", "/v1/tickets?overdue=false"))["items"]
    assert {each["number"] for each in calm} == {late}


async def test_a_ticket_that_has_missed_all_its_targets_stands_first_in_the_list(world: World) -> None:
    worst = await world.ticket("Worst")
    await world.pass_time(hours=73)
    fresh = await world.ticket("Fresh")
    assert re.findall(r"T-(\d+)", await world.says("list")) == [str(worst), str(fresh)]


async def test_traditional_characters_are_understood_and_kept_as_they_were_typed(world: World) -> None:
    number, other = await world.ticket("退款還沒到賬"), await world.ticket()
    assert f"T-{number}" in await world.says(f"認領{number}", by="bo")
    assert (await world.shown(number))["assignee"] == "bo"
    await world.says(f"備註 {number} 已聯繫買家", by="bo")
    assert "已聯繫買家" in await world.says(f"查看 {number}", by="bo")
    found = await world.says("查詢 平臺：蝦皮 未認領", by="bo")
    assert (f"T-{other}" in found, f"T-{number}" in found) == (True, False)
    assert f"T-{number}" in await world.says("列表 退款還沒", by="bo"), "texts are looked for as they are written"
    assert "认领 N" in await world.says("？", by="bo")


@pytest.mark.parametrize("words", ["claim {} {}", "认领 {}、{}", "release {}, T-{}"])
async def test_two_numbers_are_refused_and_nothing_is_done_to_either(world: World, words: str) -> None:
    first, second = await world.ticket(), await world.ticket()
    said = await world.says(words.format(first, second))
    assert "One ticket at a time" in said
    assert f"{second}" in said
    assert [(await world.shown(each))["assignee"] for each in (first, second)] == [None, None]


async def test_one_ticket_is_not_told_as_many(world: World) -> None:
    await world.ticket()
    assert "1 open ticket" in await world.says("list")
    said = await world.says("list") + await world.says("list unclaimed")
    assert "1 tickets" not in said
    assert "1 open tickets" not in said


@pytest.mark.parametrize(
    "words", ["list platform: shopee", "list platform : shopee unclaimed", "列表 平台： shopee", "list TAG: refund_delay"]
)
async def test_a_space_around_a_filters_colon_changes_nothing(world: World, words: str) -> None:
    number = await world.ticket(category="refund_delay")
    assert f"T-{number}" in await world.says(words)


async def test_a_label_that_is_none_is_refused_with_those_there_are_in_the_readers_language(world: World) -> None:
    number = await world.ticket()
    assert "refund_delay" in await world.says("list tag:nonsense")
    assert "退款延迟" in await world.says("列表 标签:胡说", by="bo")
    assert "退款延迟" in await world.says(f"标签 {number} 胡说", by="bo")
    assert "紧急" in await world.says(f"优先级 {number} 胡说", by="bo")
    assert "refund_delay" in await world.says(f"tag {number} nonsense")


async def test_where_the_page_of_a_button_is_gone_the_list_begins_anew(world: World) -> None:
    numbers = [await world.ticket(f"Case {count}") for count in range(7)]
    assert "7 open tickets" in await world.says("list")
    shown = world.slack.ephemerals("U0MEI")[-1]
    await world.says(f"resolve {numbers[-1]} done")
    assert f"T-{numbers[0]}" in await world.slack.press(shown, "Next page", user="U0MEI")
    assert "not one of ours" in await world.says("list after:nonsense")


async def test_a_person_is_found_by_a_part_of_the_name_that_only_they_have(world: World) -> None:
    lin = {"name": "Lin Mei 林梅", "role": "agent", "merchant_id": "lumiere", "slack_user_id": "U0LINMEI00"}
    await world.call("PUT", "/v1/agents/lin-mei", lin)
    number = await world.ticket()
    for words in (f"assign {number} @林梅", f"转派 {number} ＠林梅", f"assign {number} lin mei", f"assign {number} <@U0LINMEI00|lin>"):
        await world.says(f"assign {number} @bo", by="chen")
        assert "T-1001 is Lin Mei 林梅's" in await world.says(words, by="chen"), words
    assert "could be" in await world.says(f"assign {number} Lin", by="chen"), "Mei Lin, and Lin Mei"
    assert "is Mei Lin's" in await world.says(f"assign {number} mei", by="chen"), "an id is an id"
    assert "no agent" in await world.says(f"assign {number} in", by="chen"), "a part is a word, or Chinese characters"


async def test_away_until_is_told_in_the_zone_of_ones_merchant(world: World) -> None:
    await world.call("PUT", "/v1/merchants/far", {"name": "Far", "timezone": "America/New_York", "locale": "en"})
    await world.call("PUT", "/v1/agents/joe", {"name": "Joe", "role": "agent", "merchant_id": "far", "slack_user_id": "U0JOE"})
    local = await world.says("away 2h", by="U0JOE")
    assert re.search(r"until (11-22 )?22:00", local), local  # 09:00 in Shanghai is 20:00 the day before in New York


async def test_a_length_of_time_is_read_as_people_write_it_in_either_language(world: World) -> None:
    for words in ("away 2 hours", "away 1 hour 60 min", "离开 2小时", "离开 2 个小时", "离开２小时", "离开 120分钟", "away PT2H"):
        assert "until 11:00" in await world.says(words), words
    number = await world.ticket()
    for words in (f"snooze {number} 30 minutes", f"稍后 {number} 30分钟", f"稍后 {number} ３０分"):
        assert "until 09:30" in await world.says(words), words
    for words in ("away 2 moons", "离开 一会儿", "away hours", "away 2h later"):
        assert "no duration" in await world.says(words), words


async def test_a_filter_with_nothing_behind_its_colon_is_refused_and_not_looked_for_in_texts(world: World) -> None:
    await world.ticket()
    for words, named in (("list save:", "save:"), ("list 保存：", "保存:"), ("list platform:", "platform:"), ("list mine 店铺:", "店铺:")):
        assert f"Can't read “{named}”" in await world.says(words), words
    assert "No ticket matches" in await world.says('list "save:"'), "in quotes they are words"


async def test_a_refusal_in_chinese_names_the_command_in_chinese(world: World) -> None:
    number = await world.ticket()
    await world.says(f"解决 {number}", by="bo")
    said = await world.says(f"待回复 {number}", by="bo")
    assert "“待回复”" in said
    assert "pending" not in said
    snoozed = await world.says(f"稍后 {number} 30m", by="bo")
    assert f"取消稍后 {number}" in snoozed


async def test_a_card_that_stays_in_a_channel_tells_moments_that_stay_true(world: World) -> None:
    await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    assert "first response by 11:00" in card.seen, "due two hours after 09:00; “in 2 h” would be wrong a minute later"
    await world.pass_time(hours=80)
    assert "closure missed since 11-26 09:00" in card.seen or "closure missed since 09:00" in card.seen
