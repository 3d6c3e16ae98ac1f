"""What Slack sends as the words that were meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.slack import words

BOT = "UBOT"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("list mine", "list mine"),
        ("  claim 1024 ", "claim 1024"),
        ("认领 １０２４", "认领 １０２４"),
        ("note 1 a &amp; b &lt;c&gt;", "note 1 a & b <c>"),
        ("note 1 &amp;lt; stays", "note 1 &lt; stays"),
        ("assign 1 <@U123|mei>", "assign 1 @U123"),
        ("assign 1 <@U123>", "assign 1 @U123"),
        ("note 1 see <#C1|general> and <#C2>", "note 1 see #general and #C2"),
        ("list shop:<http://lights.sg|lights.sg>", "list shop:lights.sg"),
        ("note 1 <https://a.example/x?y=1&amp;z=2>", "note 1 https://a.example/x?y=1&z=2"),
        ("note 1 <https://a.example/x|click here>", "note 1 click here (https://a.example/x)"),
        ("note 1 <mailto:a@b.example|a@b.example>", "note 1 a@b.example"),
        ("note 1 <tel:+6591234567|+65 9123 4567>", "note 1 +65 9123 4567 (+6591234567)"),
        ("note 1 <!here> <!channel>", "note 1 @here @channel"),
        ("note 1 <!subteam^S1|@leads>", "note 1 @leads"),
        ("note 1 <!date^1700000000^{date}|14 Nov>", "note 1 14 Nov"),
        ("note 1 1 < 2 and <>", "note 1 1 < 2 and"),
        ("", ""),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, meant: str) -> None:
    assert words.typed(sent) == meant


@given(st.text(alphabet=st.sampled_from("<>|@#!&;ltgmp^U1 中a")))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert isinstance(words.typed(text), str)


def test_a_slash_command_says_who_what_and_where_to_answer() -> None:
    body = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "text": "claim 7", "trigger_id": "1.2.x", "response_url": "https://r"}
    command = words.slash(body)
    assert command is not None
    assert (command.by.channel, command.by.id, command.words, command.via) == ("slack", "T1/U1", "claim 7", "slack")
    assert command.once == "command:1.2.x"
    assert command.answer_to == {"response_url": "https://r", "channel": "C1", "user": "U1", "team": "T1"}
    assert command.thread is None


def test_a_press_says_the_buttons_words() -> None:
    body = {
        "team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1"}, "trigger_id": "9", "response_url": "https://r",
        "container": {"message_ts": "1.1", "thread_ts": "1.0", "channel_id": "C1"},
        "actions": [{"action_id": "say:0:0", "value": "claim 7"}],
    }  # fmt: skip
    command = words.press(body)
    assert command is not None
    assert (command.by.id, command.words, command.once) == ("T1/U1", "claim 7", "action:9")
    assert command.answer_to == {"response_url": "https://r", "channel": "C1", "user": "U1", "thread_ts": "1.0", "team": "T1"}


def _event(**event: Any) -> dict[str, Any]:
    return {"team_id": "T1", "event_id": "Ev1", "event": {"user": "U1", "channel": "C1", "ts": "5.0", "text": "hello", **event}}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<@UBOT> list", "list"),
        ("<@UBOT|deskbell>: list", "list"),
        ("  <@UBOT>，列表", "列表"),
        ("hey <@UBOT> list", "hey list"),
        ("<@UBOT> assign 7 <@UMEI>", "assign 7 @UMEI"),
        ("<@UBOT>", ""),
    ],
)
def test_a_mention_is_taken_off_the_words(text: str, meant: str) -> None:
    command = words.event(_event(type="app_mention", text=text), BOT)
    assert command is not None
    assert command.words == meant
    assert command.once == "event:Ev1"
    assert command.thread is None
    assert command.answer_to == {"channel": "C1", "user": "U1", "team": "T1"}


def test_while_our_own_name_is_unknown_the_first_mention_counts_as_ours() -> None:
    command = words.event(_event(type="app_mention", text="<@UBOT> assign 7 <@UMEI>"), None)
    assert command is not None
    assert command.words == "assign 7 @UMEI"


def test_a_mention_in_a_thread_knows_its_thread_and_is_a_command() -> None:
    command = words.event(_event(type="app_mention", text="<@UBOT> claim", thread_ts="1.0"), BOT)
    assert command is not None
    assert command.thread == ("slack", "T1/C1", "1.0")
    assert "in_thread" not in command.args


def test_a_direct_message_is_a_command_and_its_thread_is_the_persons() -> None:
    command = words.event(_event(type="message", channel_type="im", channel="D1", text="list", thread_ts="1.0"), BOT)
    assert command is not None
    assert command.words == "list"
    assert command.thread == ("slack", "T1/U1", "1.0")
    assert command.answer_to == {"channel": "D1", "user": "U1", "thread_ts": "1.0", "direct": "1", "team": "T1"}


@pytest.mark.parametrize("where", [{"type": "app_mention", "text": "<@UBOT>"}, {"type": "message", "channel_type": "im", "text": ""}])
def test_a_file_alone_outside_a_thread_is_answered_as_what_cannot_be_read(where: dict[str, str]) -> None:
    files = [{"id": "F1", "name": "a.png"}]
    alone = words.event(_event(**where, subtype="file_share", files=files), BOT)
    assert alone is not None
    assert alone.args == {"unreadable": "file"}
    under_a_card = words.event(_event(**where, subtype="file_share", files=files, thread_ts="1.0"), BOT)
    assert under_a_card is not None
    assert "unreadable" not in under_a_card.args, "it belongs to the card's ticket"


def test_what_is_said_in_a_cards_thread_is_for_its_ticket() -> None:
    files = [{"id": "F1", "name": "a.png", "permalink": "https://f/1", "mimetype": "image/png"}, {"id": "F2"}, "junk"]
    command = words.event(
        _event(
            type="message",
            channel_type="channel",
            thread_ts="1.0",
            parent_user_id=BOT,
            text="look &amp; see",
            subtype="file_share",
            files=files,
        ),
        BOT,
    )
    assert command is not None
    assert command.words == "look & see"
    assert command.thread == ("slack", "T1/C1", "1.0")
    assert command.args["in_thread"] is True
    assert command.args["attachments"] == [
        {"name": "a.png", "url": "https://f/1", "type": "image/png"}, {"name": "file", "url": "", "type": ""},
    ]  # fmt: skip


THREAD = {"type": "message", "channel_type": "channel", "thread_ts": "1.0", "team": "T1"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "channel"},
        {**THREAD, "ts": "1.0"},
        {**THREAD, "text": "<@UBOT> claim 7"},
        {**THREAD, "parent_user_id": "U9"},
        {**THREAD, "bot_id": "B1"},
        {**THREAD, "user": BOT},
        {**THREAD, "user": None},
        {**THREAD, "subtype": "bot_message"},
        {**THREAD, "subtype": "message_changed"},
        {**THREAD, "subtype": "message_deleted", "hidden": True},
        {**THREAD, "subtype": "channel_join"},
        {"type": "message", "channel_type": "im", "bot_id": "B1"},
        {"type": "message", "channel_type": "im", "user": BOT},
        {"type": "message", "channel_type": "im", "user": "USLACKBOT"},
        {"type": "app_mention", "bot_id": "B1"},
        {"type": "reaction_added"},
        {"type": None},
    ],
)
def test_what_no_person_asks_of_us_is_nobodys_command(event: dict[str, Any]) -> None:
    assert words.event(_event(**event), BOT) is None


def test_an_event_says_itself_who_we_are() -> None:
    body = _event(**THREAD, text="<@UNEW> claim") | {"authorizations": [{"user_id": "UNEW", "is_bot": True}]}
    assert words.event(body, None) is None


JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))
KEYS = st.sampled_from(
    [
        "event",
        "event_id",
        "team_id",
        "user",
        "user_id",
        "team",
        "actions",
        "channel",
        "container",
        "authorizations",
        "text",
        "type",
        "files",
        "id",
        "value",
    ]
)


@given(st.dictionaries(KEYS, JUNK | st.dictionaries(KEYS, JUNK)))
def test_a_body_of_any_shape_is_a_command_or_none(body: dict[str, Any]) -> None:
    for read in (words.slash, words.press, lambda body: words.event(body, BOT)):
        command = read(body)
        assert command is None or isinstance(command.by.id, str)
