"""The AI bot as its people and operators meet it: the whole desk behind it, a fake WeCom at the other end of its connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from handlers.wecom.longbot.bot import LongBot
from handlers.wecom.longbot.connection import Pace
from handlers.wecom.longbot.keeper import Patience, State
from handlers.wecom.longbot.watching import trouble
from run_bot import Deskbell, assembled, running
from tests.clock import PushedClock
from tests.fakes.wecom_socket import FakeWecomSocket
from tests.world import EDGES, MERCHANT, PEOPLE, World

GROUP = "WrGroupA"
FAST = {
    "pace": Pace(opening=0.5, answer=0.3, ping=30, pong=1),
    "patience": Patience(lease=6, renew=0.05, look=0.01, lost=(0.001, 0.01), refused=(30, 30), taken=(30, 30)),
}  # fmt: skip


class Desk:
    """A world whose merchant is told in a group of the bot's."""

    def __init__(self, world: World, wecom: FakeWecomSocket) -> None:
        self.world, self.wecom = world, wecom

    @property
    def bot(self) -> Any:
        """The edge's."""
        return next(edge for edge in self.world.bot.edges if edge.name == "wecom")._bot  # type: ignore[attr-defined]

    @property
    def clock(self) -> PushedClock:
        return self.world.clock

    async def says(self, text: str, user: str = "mei.w", chat: str | None = None, **more: Any) -> list[str]:
        """What the bot answers in that conversation."""
        before = len(self.wecom.told(chat or user))
        stored = await self._stored()
        await self.wecom.says(text, user, chat, **more)
        await self._arrived(stored)
        return self.wecom.told(chat or user)[before:]

    async def clicks(self, card: dict[str, Any], label: str, user: str = "mei.w", chat: str | None = None) -> list[str]:
        before, stored = len(self.wecom.told(chat or user)), await self._stored()
        await self.wecom.clicks(card, label, user, chat)
        await self._arrived(stored)
        return self.wecom.told(chat or user)[before:]

    async def _stored(self) -> int:
        def count(stores: Any) -> int:
            return int(stores.db.connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar())

        return await self.world.bot.storage.read(count)

    async def _arrived(self, stored: int) -> None:
        async with asyncio.timeout(5):
            while await self._stored() == stored:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        await self.world.settle()

    async def connected(self) -> None:
        async with asyncio.timeout(5):
            while self.bot.keeper.state.kind != "connected":  # noqa: ASYNC110
                await asyncio.sleep(0.002)


@asynccontextmanager
async def at_work(database_url: str, **more: Any) -> AsyncIterator[Desk]:
    clock = PushedClock()
    async with FakeWecomSocket(clock) as wecom:
        extras = {"wecom_bot": {"url": wecom.url, **FAST}}
        world = World(
            database_url, clock=clock, extras=extras,
            wecom_bot_id=wecom.bot_id, wecom_bot_secret=wecom.secret, **more,
        )  # fmt: skip
        async with world, running(world.bot):
            desk = Desk(world, wecom)
            await desk.connected()
            notify = {"wecom_bot_chat_id": GROUP, "emails": ["ops@lumiere.example"]}
            await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": notify})
            for id in ("mei", "bo"):
                await world.call("PUT", f"/v1/agents/{id}", {**PEOPLE[id], "wecom_user_id": f"{id}.w"})
            yield desk


async def test_a_ticket_rings_in_a_group_that_knows_the_bot_and_is_claimed_there_with_one_press(database_url: str) -> None:
    async with at_work(database_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        number = await desk.world.ticket("Where is my refund?")
        shown = desk.wecom.said[-1]
        assert (shown.chat, shown.cmd, shown.body["chat_type"]) == (GROUP, "aibot_send_msg", 2)
        assert "Where is my refund?" in shown.text
        said = await desk.clicks(shown.card, "Claim", chat=GROUP)
        assert (await desk.world.shown(number))["assignee"] == "mei"
        # The card itself says who has it now; nothing more is said in the group.
        assert len(said) == 1
        assert "Mei Lin" in said[0]
        assert desk.wecom.said[-1].cmd == "aibot_respond_update_msg"
        await desk.clicks(desk.wecom.said[-1].card, "Resolve", chat=GROUP)
        assert (await desk.world.shown(number))["state"] == "resolved", "at once: no form can be chosen from here"
        assert desk.wecom.strange == []


async def test_a_second_press_is_refused_in_words_and_shows_its_card_as_it_is(database_url: str) -> None:
    async with at_work(database_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        number = await desk.world.ticket()
        card = desk.wecom.said[-1].card
        await desk.world.says(f"claim {number}", by="bo")  # in Slack: the bot's card can't change by itself
        assert desk.wecom.said[-1].card == card
        said = await desk.clicks(card, "Claim", chat=GROUP)
        assert any("Bo Zhang has" in each for each in said)
        assert any(each.startswith("{") and "Bo Zhang" in each for each in said)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("@工单助手 claim {n}", "text"), ("@Desk\u2005认领{n}", "text"), ("claim {n} @Desk", "mixed"), ("认领 {n}", "voice")],
)
async def test_commands_work_in_a_group_whatever_the_mention_looks_like(sqlite_url: str, typed: str, kind: str) -> None:
    async with at_work(sqlite_url) as desk:
        number = await desk.world.ticket()
        assert str(number) in (await desk.says(typed.format(n=number), chat=GROUP, kind=kind))[0]
        assert (await desk.world.shown(number))["assignee"] == "mei"


async def test_a_ticket_shown_in_a_single_chat_has_buttons_and_a_list_lets_one_choose(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        first, second = [await desk.world.ticket(f"Lamp {number}") for number in (1, 2)]
        await desk.says(f"show {first}")
        card = next(each.card for each in desk.wecom.said if each.card)
        said = await desk.clicks(card, "Claim")
        assert "Mei Lin" in said[-1]
        assert desk.wecom.said[-1].cmd == "aibot_respond_update_msg"
        listed = await desk.says("list")
        assert f"T-{second}" in listed[0]
        assert "Lamp 1" in listed[0]
        assert desk.wecom.strange == []


async def test_the_same_message_twice_is_done_once(database_url: str) -> None:
    async with at_work(database_url) as desk:
        await desk.says("new shop:lights-sg The lamp is broken", msgid="m-1")
        await desk.wecom.says("new shop:lights-sg The lamp is broken", "mei.w", msgid="m-1")
        await asyncio.sleep(0.05)
        await desk.world.settle()
        assert len((await desk.world.call("GET", "/v1/tickets"))["items"]) == 1


async def test_a_message_is_stored_before_it_is_worked_so_that_a_kill_loses_nothing(database_url: str) -> None:
    async with at_work(database_url) as desk:
        number = await desk.world.ticket()
        stored = await desk._stored()
        await desk.wecom.says(f"claim {number}", "mei.w")
        async with asyncio.timeout(5):
            while await desk._stored() == stored:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        desk.wecom.abort()  # and the connection is another by the time that it is answered
        await desk.connected()
        await desk.world.settle()
        assert (await desk.world.shown(number))["assignee"] == "mei"
        assert str(number) in desk.wecom.told("mei.w")[-1]


async def test_who_opens_the_chat_is_greeted_and_a_stranger_links_with_a_code(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:

        async def greeted(user: str) -> str:
            before = len(desk.wecom.said)
            await desk.wecom.happens("enter_chat", user)
            async with asyncio.timeout(5):
                while len(desk.wecom.said) == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            return desk.wecom.said[-1].text

        assert "list mine" in await greeted("mei.w")
        assert "绑定" in await greeted("Stranger")
        code = (await desk.world.call("POST", "/v1/agents/chen/link-code", status=201))["code"]
        assert "don't know this account" in (await desk.says("list", "Stranger"))[0]
        assert "Chen Wei" in (await desk.says(f"绑定 {code}", "Stranger"))[0]
        assert "Chen Wei" in (await desk.says("whoami", "Stranger"))[-1]
        await desk.wecom.happens("feedback_event", "mei.w", id="s1", type=2)


async def test_a_code_is_not_made_where_a_group_could_read_it(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.world.call("PUT", "/v1/agents/chen", {**PEOPLE["chen"], "wecom_user_id": "chen.w"})
        assert "direct chat" in (await desk.says("@Desk link @bo", "chen.w", GROUP))[0]
        assert "Bo Zhang" in (await desk.says("link @bo", "chen.w"))[0]


async def test_while_the_bot_is_away_its_group_s_notices_go_to_the_next_address_within_a_minute(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        mails = len(desk.world.smtp.mails)
        await desk.wecom.down()
        number = await desk.world.ticket()
        await desk.world.pass_time(seconds=59)
        fallen = [each for each in desk.world.smtp.mails[mails:] if str(number) in each.subject]
        assert len(fallen) == 1
        await desk.wecom.up()
        await desk.connected()
        await desk.world.pass_time(minutes=5)
        assert sum(f"T-{number}" in each for each in desk.wecom.told(GROUP)) == 1  # and once, when it is back


async def test_into_a_group_where_nobody_has_spoken_nothing_is_sent_and_the_next_address_is_told(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.wecom.says("@Desk 我", "mei.w", GROUP.lower())  # another group: ids have a case
        mails = len(desk.world.smtp.mails)
        number = await desk.world.ticket()
        assert [each for each in desk.wecom.said if each.cmd == "aibot_send_msg"] == []
        assert any(str(number) in each.subject for each in desk.world.smtp.mails[mails:])


async def test_a_group_that_threw_the_bot_out_is_forgotten_until_somebody_speaks_there(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        await desk.world.pass_time(minutes=2)
        desk.wecom.next_errors = [846607]
        await desk.world.ticket("first")
        pushed = len(desk.wecom.strange)
        await desk.world.ticket("second")
        assert len(desk.wecom.strange) == pushed == 1
        await desk.says("@Desk 我", chat=GROUP)
        await desk.world.ticket("third")
        assert "third" in desk.wecom.told(GROUP)[-1]


async def test_a_storm_stays_within_thirty_a_minute_and_names_every_ticket(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        numbers = []
        for place in range(40):
            body = {"shop_id": "lights-sg", "subject": f"storm {place}", "message": "?"}
            numbers.append((await desk.world.call("POST", "/v1/tickets", body, status=201))["number"])
        await desk.world.pass_time(minutes=2)
        told = "\n".join(desk.wecom.told(GROUP))
        assert all(f"T-{number}" in told for number in numbers)
        assert desk.wecom.strange == []  # WeCom refused none


@pytest.mark.parametrize(("late", "cmd"), [(timedelta(hours=23), "aibot_respond_msg"), (timedelta(hours=25), "aibot_send_msg")])
async def test_a_late_answer_is_a_reply_for_a_day_and_a_push_after_it(sqlite_url: str, late: timedelta, cmd: str) -> None:
    async with at_work(sqlite_url) as desk:
        stored = await desk._stored()
        await desk.wecom.says("whoami", "mei.w")
        async with asyncio.timeout(5):
            while await desk._stored() == stored:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        desk.clock.push(late)
        await desk.connected()
        await desk.world.settle()
        assert desk.wecom.said[-1].cmd == cmd
        assert desk.wecom.strange == []


async def test_another_merchants_words_in_a_ticket_are_no_markup_and_no_mention(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.says("@Desk 我", chat=GROUP)
        number = await desk.world.ticket("<@all> [click](https://evil.example) **now**")
        said = [*desk.wecom.told(GROUP), *await desk.says(f"show {number}"), *await desk.says("list")]
        for each in said:
            assert "<@all>" not in each
            if not each.startswith("{"):
                assert "](http" not in each
                assert "**now" not in each


async def test_the_doctor_tells_how_the_bot_stands_and_throws_nobody_out(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        edge = next(each for each in desk.world.bot.edges if each.name == "wecom")
        assert await edge.examine(desk.world.desk) == []  # type: ignore[attr-defined]
        await desk.wecom.kick()
        async with asyncio.timeout(5):
            while (await desk.world.desk.held(desk.bot.name)).note["state"] != "taken":  # type: ignore[union-attr] # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "another program" in (await edge.examine(desk.world.desk))[0]  # type: ignore[attr-defined]
        assert desk.wecom.subscribes == 1


async def test_administrators_hear_once_that_another_program_has_taken_the_bot(sqlite_url: str) -> None:
    async with at_work(sqlite_url) as desk:
        await desk.wecom.kick()
        for _ in range(100):
            await asyncio.sleep(0.005)
            await desk.world.settle()
            if desk.world.slack.dms("U0ADA"):
                break
        await asyncio.sleep(0.1)  # twice as long as it takes to renew the lease
        await desk.world.settle()
        assert ["Another program" in each.text for each in desk.world.slack.dms("U0ADA")] == [True]


@pytest.mark.parametrize(("refuses", "said"), [(0, ""), (853000, "refuses them"), (-2, "not connected")])
async def test_where_no_process_runs_the_bot_the_doctor_tries_it(sqlite_url: str, refuses: int, said: str) -> None:
    clock = PushedClock()
    async with FakeWecomSocket(clock) as wecom:
        wecom.refuses = max(refuses, 0)
        extras = {"wecom_bot": {"url": wecom.url, **FAST}}
        settings: dict[str, Any] = {"wecom_bot_id": wecom.bot_id, "wecom_bot_secret": wecom.secret}
        async with World(sqlite_url, clock=clock, extras=extras, populated=False, **settings) as world:
            if refuses == -2:
                await wecom.down()
            await world.call("PUT", "/v1/merchants/lone", {**MERCHANT, "notify": {"wecom_bot_chat_id": GROUP}})
            enabled = await world.call("POST", "/v1/merchants/lone/enable")
            assert enabled["warnings"] == ["notify_only_bot"]
            edge = next(each for each in world.bot.edges if each.name == "wecom")
            lines = await edge.examine(world.desk)  # type: ignore[attr-defined]
            assert said in lines[0]
            assert "lone" in lines[-1]
            assert len(lines) == (2 if said else 1)
            assert "bot-secret" not in json.dumps(lines)
            assert await world.desk.held(f"wecom_bot:{wecom.bot_id}") is None


async def test_two_replicas_push_over_the_one_connection_and_the_second_goes_on_when_the_first_ends(postgres_url: str) -> None:
    clock = PushedClock()
    async with AsyncExitStack() as stack:
        wecom = await stack.enter_async_context(FakeWecomSocket(clock))
        given: dict[str, Any] = {"wecom_bot_id": wecom.bot_id, "wecom_bot_secret": wecom.secret}
        world = World(postgres_url, clock=clock, extras={"wecom_bot": {"url": wecom.url, **FAST}}, **given)
        await stack.enter_async_context(world)
        desk = Desk(world, wecom)
        first = await stack.enter_async_context(AsyncExitStack())
        await first.enter_async_context(running(world.bot))
        await desk.connected()
        await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": {"wecom_bot_chat_id": GROUP}})
        await wecom.says("@Desk 我", "mei", GROUP)
        second = await stack.enter_async_context(assembled(world.settings, clock, edges=EDGES, extras=world.extras))
        await stack.enter_async_context(running(second))
        bot: LongBot = next(edge for edge in second.edges if edge.name == "wecom")._bot  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            while bot.keeper.here():  # noqa: ASYNC110
                await asyncio.sleep(0.002)

        async def alerted(subject: str, *passing: Deskbell) -> bool:
            body = {"shop_id": "lights-sg", "subject": subject, "message": "?"}
            await world.call("POST", "/v1/tickets", body, status=201)
            for each in passing:
                await each.desk.deliver_waiting()
                await each.desk.delivery.drain(5)
            return any(subject in each for each in wecom.told(GROUP))

        assert not await alerted("left alone", second)
        assert await alerted("sent", second, world.bot)
        assert sum("left alone" in each for each in wecom.told(GROUP)) == 1
        await first.aclose()
        async with asyncio.timeout(5):
            while bot.keeper.line is None:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        assert await alerted("taken over", second)
        assert (wecom.subscribes, wecom.kicked, wecom.strange) == (2, 0, [])


async def test_an_encrypted_sender_is_asked_for_by_the_app_and_known(sqlite_url: str) -> None:
    async with at_work(sqlite_url, wecom=True) as desk:
        desk.world.wecom.opened["woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"] = "Mei.W"
        assert "Mei Lin" in (await desk.says("whoami", "woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"))[0]
        assert "Bo Zhang" in (await desk.says("我", "bo.w"))[0]  # in the clear already


DOWN = PushedClock().now()


@pytest.mark.parametrize(
    ("kind", "after", "about"),
    [
        ("refused", 0, "wecom_bot_refused"), ("taken", 0, "wecom_bot_taken"), ("lost", 4, None), ("lost", 5, "wecom_bot_lost"),
        ("connecting", 5, "wecom_bot_lost"), ("standby", 60, None), ("connected", 60, None),
    ],
)  # fmt: skip
def test_what_administrators_must_mend_is_told_and_what_comes_back_by_itself_is_not(kind: Any, after: int, about: str | None) -> None:
    assert trouble(State(kind, DOWN), DOWN, DOWN + timedelta(minutes=after)) == about
