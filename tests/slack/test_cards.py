"""Cards in Slack: always a message that Slack takes, and never more than text in anybody's words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Field, Quote
from bot.messages import Reply
from handlers.slack import cards, text
from tests.fakes.slack_blocks import marked_up, problems, texts

HOSTILE = [
    "<!channel>",
    "<@U0MEI>",
    "<!subteam^S1>",
    "<https://evil.example|click>",
    "*bold* _it_ ~no~ `code`",
    ":smile:",
    "&lt;",
    "\x00\x1b",
    "\u202e",
    "\ud800",
]
TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from("a中😀👩🏽\u200d🚀\u0301 \n&<>é\ud83d"), max_size=400),
    st.sampled_from(["", " ", "\n", *HOSTILE]),
    st.integers(1, 5000).map(lambda size: "&" * size),
    st.integers(1, 5000).map(lambda size: "字\n" * size),
)
CARD = st.builds(
    Card,
    title=TEXT,
    tone=st.sampled_from(["info", "warn", "alarm", "good", "quiet"]),
    lines=st.lists(TEXT, max_size=8).map(tuple),
    fields=st.lists(st.builds(Field, TEXT, TEXT), max_size=25).map(tuple),
    quotes=st.lists(st.builds(Quote, TEXT, TEXT), max_size=40).map(tuple),
    buttons=st.lists(st.builds(Button, TEXT, TEXT, st.sampled_from(["primary", "danger", "plain"])), max_size=60).map(tuple),
    footer=TEXT,
)


def _sound(payload: dict[str, Any]) -> None:
    assert problems(payload["blocks"]) == []
    assert payload["blocks"]
    assert 0 < len(payload["text"]) <= 3000
    assert marked_up(payload["blocks"]) == []
    for shown in [*texts(payload["blocks"]), payload["text"]]:
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", shown)
    json.dumps(payload, ensure_ascii=False).encode()  # nothing in it that could not be sent


@settings(max_examples=150, deadline=None)
@given(CARD, TEXT)
def test_any_card_is_a_message_that_slack_takes(card: Card, line: str) -> None:
    _sound(cards.message(card, line))


@settings(max_examples=60, deadline=None)
@given(TEXT, st.lists(CARD, max_size=12).map(tuple), st.sampled_from(["en", "zh"]))
def test_any_reply_is_a_message_that_slack_takes(said: str, shown: tuple[Card, ...], locale: str) -> None:
    _sound(cards.answer(Reply(said, shown, locale=locale)))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_buyers_words_are_words(words: str) -> None:
    card = Card(
        words,
        lines=(words,),
        fields=(Field(words, words),),
        quotes=(Quote(words, words),),
        buttons=(Button(words, "show 1"),),
        footer=words,
    )
    payload = cards.message(card, words)
    _sound(payload)
    assert all(each["type"] == "plain_text" and each["emoji"] is False for each in _texts(payload["blocks"]))


@settings(max_examples=300, deadline=None)
@given(TEXT, st.integers(20, 400))
def test_what_is_shortened_keeps_its_limit_and_ends_with_a_sign(said: str, most: int) -> None:
    shown = text.escaped(said, most)
    assert 0 < len(shown.encode("utf-16-le")) // 2 <= most
    whole = text.escaped(said, 100_000)
    assert shown == whole or shown.endswith("…")


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(20, 400))
def test_what_is_split_loses_nothing_but_line_ends(said: str, most: int) -> None:
    pieces = text.split(said, most)
    assert all(len(piece.encode("utf-16-le")) // 2 <= most for piece in pieces)
    whole = text.escaped(said, 1_000_000)
    assert re.sub(r"\s", "", "".join(pieces)) == ("" if whole == text.NOTHING and not pieces else re.sub(r"\s", "", whole))


@pytest.mark.parametrize(
    ("said", "most", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a<b", 6, "a&lt;b"),
        ("<<<", 9, "&lt;&lt;…"),
        ("ab👩🏽‍🚀cd", 7, "ab…"),  # an astronaut is seven units of UTF-16: not cut in two
        ("é" * 5, 3, "éé…"),
        ("", 10, "–"),
        ("   ", 10, "–"),
    ],
)
def test_texts_are_cut_between_whole_characters(said: str, most: int, shown: str) -> None:
    assert text.escaped(said, most) == shown


def test_a_title_that_is_cut_in_the_header_stands_in_full_below() -> None:
    payload = cards.message(Card("x" * 300))
    assert payload["blocks"][0]["text"]["text"].endswith("…")
    assert payload["blocks"][1]["text"]["text"] == "x" * 300


def test_buttons_say_their_words_and_have_ids_of_their_own() -> None:
    reply = Reply(
        "two",
        tuple(
            Card(f"T-{number}", buttons=(Button("Claim", f"claim {number}", "primary"), Button("Show", f"show {number}")))
            for number in (1, 2)
        ),
    )
    elements = [each for block in cards.answer(reply)["blocks"] if block["type"] == "actions" for each in block["elements"]]
    assert [each["value"] for each in elements] == ["claim 1", "show 1", "claim 2", "show 2"]
    assert len({each["action_id"] for each in elements}) == 4
    assert [each.get("style") for each in elements] == ["primary", None, "primary", None]


def test_a_button_whose_words_slack_would_change_is_left_out() -> None:
    card = Card("t", buttons=(Button("a", "x" * 2001), Button("b", ""), Button("c", "show\x00 1"), Button("d", "show 1")))
    assert [block["elements"][0]["value"] for block in cards.message(card)["blocks"] if block["type"] == "actions"] == ["show 1"]


def test_a_digest_of_two_hundred_lines_names_them_all() -> None:
    lines = tuple(f"T-{number} · first response missed · {'x' * 60}" for number in range(1000, 1200))
    payload = cards.message(Card("200 notices", "alarm", lines))
    shown = "\n".join(texts(payload["blocks"]))
    assert all(f"T-{number}" in shown for number in range(1000, 1200))


def test_what_is_too_much_for_one_message_says_so_and_keeps_its_buttons() -> None:
    many = tuple(
        Card(f"T-{number}", lines=("line",), quotes=(Quote("a", "b"),), buttons=(Button("Show", f"show {number}"),)) for number in range(30)
    )
    blocks = cards.answer(Reply("many", many, locale="zh"))["blocks"]
    assert len(blocks) == 50
    assert "已截断" in blocks[-1]["elements"][0]["text"]


def test_the_sentence_is_not_said_twice_when_a_card_begins_with_it() -> None:
    assert texts(cards.answer(Reply("Open tickets", (Card("Open tickets · page 1"),)))["blocks"]) == ["🎫 Open tickets · page 1"]
    assert texts(cards.answer(Reply("Done.", (Card("T-1"),)))["blocks"]) == ["Done.", "🎫 T-1"]


def _texts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if isinstance(value.get("text"), str) else []
        return own + [each for inner in value.values() for each in _texts(inner)]
    return [each for inner in value for each in _texts(inner)] if isinstance(value, list) else []
