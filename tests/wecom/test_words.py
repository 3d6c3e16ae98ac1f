"""What people do in WeCom, as commands: typed, chosen in the menu, pressed on cards, entered, spoken."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import Command
from handlers.wecom.crypto import Keys
from handlers.wecom.health import telling
from handlers.wecom.inlets import Inlet
from handlers.wecom.keys import literal, template
from handlers.wecom.words import meant, once
from handlers.wecom.xml import document
from tests.fakes.wecom_sealing import xml
from tests.wecom.callbacks import event, text

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
OWN = Inlet("lumiere-app", "lumiere", "1000007", Keys("t", "k", "ww"))
OPERATORS = Inlet("-", "-", "1000002", Keys("t", "k", "ww"))


def asked(message: dict[str, Any], inlet: Inlet = OPERATORS) -> Command | None:
    return meant(document(xml(message)), inlet, NOW, "2026-11-23")


def press(key: str, *items: tuple[str, list[str]], kind: str = "template_card_event") -> dict[str, Any]:
    chosen = {"SelectedItem": [{"QuestionKey": name, "OptionIds": {"OptionId": ids}} for name, ids in items]}
    more: dict[str, Any] = {"SelectedItems": chosen} if items else {}
    return event(kind, EventKey=key, TaskId="T-7@1@dlv_1", CardType="button_interaction", ResponseCode="rc", **more)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (text("　认领　１０２４ "), "　认领　１０２４ "),
        (event("click", EventKey="list mine"), "list mine"),
        (press(literal("claim 7") or ""), "claim 7"),
        (press(template("show {n}"), ("n", ["1024"])), "show 1024"),
        (press(template("assign {n} @{who}"), ("n", ["1024"]), ("who", ["mei"])), "assign 1024 @mei"),
        (press(template("tag {n} {which}"), ("n", ["7"]), ("which", ["a", "b"])), "tag 7 a,b"),
        (press("=show 7", kind="template_card_menu_event"), "show 7"),
        (event("enter_agent", EventKey=""), "help"),
        (event("subscribe"), "help"),
        ({**text(""), "MsgType": "voice", "MediaId": "M", "Format": "amr"}, ""),
    ],
    ids=["typed", "menu", "button", "one selected", "two selected", "many selected", "card menu", "enters", "may see it now", "spoken"],
)
def test_everything_people_do_says_words(message: dict[str, Any], words: str) -> None:
    command = asked(message)
    assert command is not None
    assert command.words == words
    assert command.args == ({"unreadable": "voice"} if message["MsgType"] == "voice" else {})


NOTHING: dict[str, dict[str, Any]] = {
    "a link of the menu": event("view", EventKey="https://a.example"), "where somebody is": event("LOCATION", Latitude="1"),
    "leaves": event("unsubscribe"), "an empty key": event("click", EventKey="  "), "too long a key": event("click", EventKey="x" * 1025),
    "no key of ours": press("claim 7"), "nothing selected": press("?show {n}"), "another selected": press("?show {n}", ("other", ["1"])),
    "blank": text(" \n"), "nobody": text("hi", by=""), "a slash": text("hi", by="a/b"), "two people": text("hi", by="a|b"),
    "another type": {**text("hi"), "MsgType": "unheard_of"}, "no type": {"Content": "hi"},
}  # fmt: skip


@pytest.mark.parametrize("message", NOTHING.values(), ids=NOTHING)
def test_what_is_nobodys_wish_says_nothing(message: dict[str, Any]) -> None:
    assert asked(message) is None


def test_a_press_brings_the_code_that_changes_its_card() -> None:
    command = asked(press("=claim 7"))
    assert command is not None
    assert command.pressed == {"thread": "T-7@1@dlv_1", "fresh": "rc", "fresh_at": NOW.isoformat()}


def test_people_are_known_by_the_app_they_speak_through_whatever_the_case_of_their_userid() -> None:
    assert [command.by.id for command in (asked(text("hi", by="MeiLin")), asked(text("hi", by="meilin"), OWN)) if command] == [
        "-/meilin", "lumiere/meilin",
    ]  # fmt: skip


def test_what_comes_again_has_the_same_mark_and_what_is_another_has_not() -> None:
    marks = {
        once(message, inlet)
        for inlet in (OPERATORS, OWN)
        for message in (
            text("a"), text("a"), text("a", id="2"), press("=claim 7"), {**press("=claim 7"), "ResponseCode": "another"}, press("=show 7"),
            {**press("=claim 7"), "TaskId": "T-8"}, {**press("=claim 7"), "FromUserName": "bo"}, {**press("=claim 7"), "CreateTime": "2"},
        )
    }  # fmt: skip
    assert len(marks) == 2 * 7


def test_a_greeting_counts_once_a_day_and_person() -> None:
    entered = event("enter_agent", EventKey="")
    marks = [asked({**entered, "CreateTime": str(number), "FromUserName": who}) for number, who in ((1, "mei"), (2, "Mei"), (3, "bo"))]
    assert len({command.once for command in marks if command}) == 2
    tomorrow = meant(document(xml(entered)), OPERATORS, NOW, "2026-11-24")
    assert tomorrow is not None
    assert tomorrow.once != marks[0].once  # type: ignore[union-attr]


def test_the_apps_own_troubles_are_for_its_administrators() -> None:
    said = event("inactive_alert", by="sys", EffectTime="1795420800")
    told = telling(said, OWN)
    assert told is not None
    assert (told.about, told.params, told.merchant_id) == ("wecom_inactive_alert", {"app": "lumiere-app (1000007)"}, "lumiere")
    assert told.at == datetime.fromtimestamp(1795420800, UTC)
    assert told.cause == once(said, OWN)
    assert meant(said, OWN, NOW, "") is None
    closed = telling(event("close_inactive_agent", by="sys"), OPERATORS)
    assert closed is not None
    assert (closed.merchant_id, closed.at) == (None, None)
    assert telling(text("inactive_alert"), OWN) is None
