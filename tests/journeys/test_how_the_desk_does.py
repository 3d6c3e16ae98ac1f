"""Somebody asks how the desk does: the figures of what really happened, in chat and over the API, to those whom they are for."""

from __future__ import annotations

from collections.abc import Callable

from tests.world import World


async def test_a_day_on_the_desk_is_told_in_figures(world: World) -> None:
    number = await world.ticket(category="not_received")
    await world.says(f"claim {number}")
    await world.pass_time(minutes=90)
    await world.says(f"reply {number} It is on its way.")
    await world.pass_time(minutes=1)
    await world.desk.tally.catch_up()
    said = await world.says("stats 7d")
    assert "1.5 h, target 1.8 h" in said
    assert "100.0 %, target 99.2 %" in said
    assert "Open now, by age" in said
    assert (await world.says("stats 7d tag:refund_delay")).count("100.0 %") == 0
    assert "1.5 h" in await world.says("统计 7天 我的")

    found = await world.call("GET", "/v1/stats?category=not_received&period=today")
    assert (found["tickets"], found["first_response"]["count"], found["open_by_age"]["today"]) == (1, 1, 1)
    refused = await world.call("GET", "/v1/stats?category=not_received&platform=shopee", status=422)
    assert "one shop, platform, category or agent" in refused["detail"]
    assert (await world.call("GET", "/v1/stats?period=soon", status=422))["errors"][0]["loc"][-1] == "period"
    assert "2026-11" in await world.says("stats soon")
    assert (await world.call("GET", "/v1/stats?shop=nobodys", status=404))["code"] == "not_found"


async def test_in_wecom_the_figures_come_with_a_picture(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        await world.ticket()
        await world.desk.tally.catch_up()
        before = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", "统计 7天", world.wecom.app)
        await world.stop_bot()  # which waits for what is on its way
        *said, picture = world.wecom.chat("bo")[before:]
        assert "首次回复均值" in "".join(each.seen for each in said)
        name, body = world.wecom.media[picture.body["media_id"]]
        assert (name, body[:4]) == ("stats.png", b"\x89PNG")


async def test_slack_draws_the_figures_itself_and_where_it_cannot_yet_a_picture_comes(make_world: Callable[..., World]) -> None:
    async with make_world() as world:
        await world.ticket()
        await world.desk.tally.catch_up()
        assert "First reply, mean" in await world.says("stats 7d")
        await world.stop_bot()  # which waits for what is on its way
        charts = world.slack.ephemerals("U0MEI")[-1].blocks
        assert [(each["type"], each["chart"]["type"]) for each in charts] == [("data_visualization", "bar"), ("data_visualization", "line")]
        assert [each["name"] for each in charts[1]["chart"]["series"]] == ["First reply, mean", "target 1.8 h"]
        assert not world.slack.files

        await world.start_bot()
        world.slack.draws = False
        before = len(world.slack.ephemerals("U0MEI"))
        await world.says("stats 7d")
        await world.stop_bot()
        [file] = world.slack.files.values()
        assert (file.name, file.channel, file.content[:4]) == ("stats.png", "D0MEI", b"\x89PNG")
        assert len(world.slack.ephemerals("U0MEI")) == before + 1, "the figures, for the asker alone"
