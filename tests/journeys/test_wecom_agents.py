"""Agents who work in WeCom alone: by words and by clicks, in both languages, each known through their own corp."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.wecom_people import WecomMessage
from tests.fakes.wecom_sealing import Sealer
from tests.world import SEALER, World

OTHERS = Sealer("othertoken", "o" * 42 + "A", "ww-other-corp")


def last(world: World, userid: str) -> WecomMessage:
    """What they were told last."""
    return world.wecom.chat(userid)[-1]


async def tells(world: World, words: str, by: str = "mei") -> str:
    """What somebody types to the operator's app; what they see then."""
    before = len(world.wecom.chat(by))
    await world.wecom.types(by, words, world.wecom.app)
    return "\n".join(each.seen for each in world.wecom.chat(by)[before:])


async def test_an_agent_takes_answers_and_ends_a_ticket_by_words(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        assert f"T-{number}" in await tells(world, "list unclaimed", by="Mei")
        await tells(world, f"claim {number}")
        assert (await world.shown(number))["assignee"] == "mei"
        assert "Mei Lin" in await tells(world, f"认领 {number}", by="bo")
        await tells(world, f"reply {number} We refunded you today.")
        await world.pass_time(seconds=11)
        await tells(world, f"note {number} paid by hand <xml>]]></xml>")
        await tells(world, f"resolve {number} refunded")
        await tells(world, f"close {number}")
        assert (await world.shown(number))["state"] == "closed"
        timeline = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
        assert {each["actor"] for each in timeline if each["type"] in ("ticket.claimed", "note", "ticket.closed")} == {"mei"}


async def test_full_width_chinese_and_slips_are_understood_in_ones_own_language(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
        assert f"T-{number}" in await tells(world, f"　工单　认领　{wide}　", by="bo")
        assert (await world.shown(number))["assignee"] == "bo"
        assert "您是想说" in await tells(world, "认令", by="bo")
        assert "Did you mean “claim 7”" in await tells(world, "calim 7")
        assert "认领 N" in await tells(world, "帮助", by="bo")


async def test_an_alert_is_claimed_and_resolved_by_clicks_and_a_list_by_choosing(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        await world.pass_time(hours=2)
        alert = last(world, "bo")
        assert f"T-{number}" in alert.seen
        await world.wecom.click("bo", "认领", alert)
        assert (await world.shown(number))["assignee"] == "bo"
        await world.wecom.click("bo", "解决", alert)
        assert (await world.shown(number))["state"] == "open", "the card asks how first"
        asked = last(world, "bo")
        assert asked.card["card_type"] == "multiple_interaction"
        await world.wecom.click("bo", asked.labels[0], asked, text="已补发")
        assert (await world.shown(number))["state"] == "resolved"
        assert "已补发" in str(await world.call("GET", f"/v1/tickets/{number}/timeline"))
        second, third = [await world.ticket() for _ in range(2)]
        await tells(world, "list")
        await world.wecom.click("mei", "Claim", n=str(second))
        assert (await world.shown(second))["assignee"] == "mei"
        assert (await world.shown(third))["assignee"] is None


async def test_a_forged_button_does_no_more_than_its_presser_may(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        await world.wecom.happens(
            "mei", "template_card_event", world.wecom.app, EventKey=f"=assign {number} @mei", TaskId="x", ResponseCode="y"
        )
        assert (await world.shown(number))["assignee"] is None
        await world.wecom.happens("eve", "template_card_event", world.wecom.app, EventKey=f"=claim {number}", TaskId="x", ResponseCode="y")
        assert (await world.shown(number))["assignee"] is None
        assert f"T-{number}" in last(world, "eve").seen


async def test_strangers_are_told_so_and_who_opens_the_app_is_helped_once_a_day(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        stranger = await tells(world, "list", by="nobody")
        assert "don't know this account" in stranger
        assert "T-" not in stranger
        for _ in range(3):
            await world.wecom.happens("mei", "enter_agent", world.wecom.app, EventKey="")
        helped = [each for each in world.wecom.chat("mei") if "whoami" in each.seen]
        assert len(helped) == 1
        await world.pass_time(hours=24)
        await world.wecom.happens("mei", "enter_agent", world.wecom.app, EventKey="")
        assert len([each for each in world.wecom.chat("mei") if "whoami" in each.seen]) == 2
        await world.wecom._happens(world.wecom.app, "bo", {"MsgType": "voice", "MediaId": "M", "Format": "amr", "MsgId": "9"})
        assert "语音" in last(world, "bo").seen


async def test_the_same_userid_in_two_corps_is_two_people(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        theirs = world.wecom.add_app(OTHERS.corp_id, 1000009, "other-app-secret")
        await world.call(
            "PUT", "/v1/wecom-apps/other-app",
            {"merchant_id": "other", "corp_id": OTHERS.corp_id, "agent_id": 1000009, "secret": theirs.secret, "token": OTHERS.token,
             "aes_key": OTHERS.aes_key},
        )  # fmt: skip
        world.connects(theirs, "/wecom/callback/other-app", OTHERS)
        await world.call(
            "PUT", "/v1/agents/eve", {"name": "Eve", "role": "agent", "merchant_id": "other", "wecom_user_id": "MEI", "locale": "en"}
        )
        await world.wecom.types("mei", f"claim {number}", theirs)
        assert (last(world, "mei").app, (await world.shown(number))["assignee"]) == (theirs, None)
        await world.wecom.types("Mei", "whoami", theirs)
        assert (last(world, "mei").app, "Eve" in last(world, "mei").seen) == (theirs, True)
        await world.wecom.types("Mei", "whoami", world.wecom.app)
        assert (last(world, "mei").app, "Mei Lin" in last(world, "mei").seen) == (world.wecom.app, True)
        await world.wecom.types("ada", "whoami", theirs)
        assert "don't know this account" in last(world, "ada").seen


async def test_administrators_hear_on_every_link_once_that_wecom_will_switch_the_app_off(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        at = str(int(world.clock.now().timestamp()) + 7 * 86400)
        for _ in range(2):
            await world.wecom.happens("sys", "inactive_alert", world.wecom.app, EffectTime=at)
        assert [each.seen for each in world.wecom.chat("ada") if "switch off" in each.seen and "11-30 09:00" in each.seen]
        assert len(world.wecom.chat("ada")) == 1
        assert len(world.slack.dms("U0ADA")) == 1
        assert not world.wecom.chat("mei")
        assert not world.wecom.chat("sys")


async def test_what_one_person_says_is_worked_in_its_order_whatever_others_say_beside(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        world.wecom.app.receive = None
        said = [(who, words) for words in ("claim", "release", "claim") for who in ("mei", "bo", "chen")]
        for place, (who, verb) in enumerate(said):
            words = f"{verb} {number}" if who == "mei" else f"note {number} {place}"
            message = await world.wecom.types(who, words, world.wecom.app)
            query, body = SEALER.post(message, world.clock.now())
            assert (await world.api.post("/wecom/callback", params=query, data=body)).status == 200
        await world.settle()
        done = [each["type"] for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"] if each["actor"] == "mei"]
        assert done == ["ticket.claimed", "ticket.updated", "ticket.claimed"]


async def test_what_stands_behind_a_cards_corner_does_what_it_says(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        number = await world.ticket()
        await tells(world, f"claim {number}")
        await tells(world, f"show {number}")
        shown = last(world, "mei")
        behind = [each["text"] for each in shown.card["action_menu"]["action_list"]]
        assert behind
        assert not {each["text"] for each in shown.card["button_list"]} & set(behind)
        before = len(world.wecom.chat("mei"))
        await world.wecom.click("mei", "Reply", shown)
        assert "reply" in "\n".join(each.seen for each in world.wecom.chat("mei")[before:])


async def test_two_tickets_of_one_list_are_claimed_within_a_second(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        first, second = [await world.ticket() for _ in range(2)]
        await tells(world, "list")
        shown = last(world, "mei")
        for number in (first, second):
            await world.wecom.click("mei", "Claim", shown, n=str(number))
        assert [(await world.shown(number))["assignee"] for number in (first, second)] == ["mei", "mei"]


async def test_an_answer_comes_though_wecom_fails_and_each_of_its_parts_once(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        world.wecom.http_500_next("message/send")
        await tells(world, "whoami")
        await world.pass_time(seconds=30)
        assert len(world.wecom.chat("mei")) == 1, "a 502 may be anything"
        world.wecom.lose_reply_next("message/send")
        await world.pass_time(minutes=5)
        number = await world.ticket(message="It arrived broken, and this is all that happened. " * 20)
        await tells(world, f"show {number}")
        await world.pass_time(seconds=30)
        seen = [each.seen for each in world.wecom.chat("mei")[1:]]
        assert len(seen) == len(set(seen)) > 1, "its first part arrived, and its answer was lost"
        await tells(world, f"show {number}")
        assert len(world.wecom.chat("mei")) == 1 + 2 * len(seen), "who asks again is answered again"
