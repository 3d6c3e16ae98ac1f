"""Cards within WeCom's limits whatever they hold; answers as messages; keys that say the same words again."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Choice, Field, Form, Input, Quote
from bot.messages import Notice, Reply
from bot.messages.chat import Address
from handlers.wecom import answers, cards, keys, markdown
from handlers.wecom.text import clean, cut, pieces, unmarked
from tests.fakes.wecom_cards import card_problem, problem, texts

LINK = "https://desk.example"
TEXT = st.text(max_size=400)
BUTTON = st.builds(Button, TEXT, TEXT, st.sampled_from(("primary", "danger", "plain")), st.sampled_from(("", "may", "must")))
CARDS = st.builds(
    Card, TEXT, st.sampled_from(("info", "warn", "alarm", "good", "quiet")), st.lists(TEXT, max_size=4).map(tuple),
    st.lists(st.builds(Field, TEXT, TEXT), max_size=9).map(tuple), st.lists(st.builds(Quote, TEXT, TEXT), max_size=3).map(tuple),
    st.lists(BUTTON, max_size=12).map(tuple), TEXT,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(CARDS, st.none() | TEXT)
def test_wecom_takes_every_card(card: Card, over: str | None) -> None:
    made = {**cards.template_card(card, LINK, over=over), "task_id": cards.task_id("dlv_1", "T-1", 1)}
    assert card_problem(made) is None
    assert not any("<" in each for each in texts(made))
    notice = Notice("dlv_1", Address("wecom_robot", "m"), "tier1", "x", card, mentions=("mei",))
    for most in (2048, 4096):
        said = markdown.markdown(notice, most)
        assert len(said.encode()) <= most
        assert said.endswith("\n<@mei>")
        assert said.count("<@") == 1


@settings(deadline=None, max_examples=40)
@given(st.lists(CARDS, max_size=7).map(tuple), TEXT)
def test_wecom_takes_every_answer(shown: tuple[Card, ...], text: str) -> None:
    made = answers.messages(Reply(text, shown), LINK, "answer@1@dlv_1")
    assert 1 <= len(made) <= answers.MOST
    assert [problem(each) for each in made] == [None] * len(made)
    assert all(len(each["text"]["content"].encode()) <= 2048 for each in made if each["msgtype"] == "text")


def test_a_list_is_one_card_to_choose_from() -> None:
    rows = [
        Card(
            f"T-{number} · Lamp", lines=("new",), buttons=(Button("Claim", f"claim {number}", "primary"), Button("Show", f"show {number}"))
        )
        for number in (7, 8)
    ]
    said = Reply("2 open tickets", (Card("2 open tickets · page 1 of 2", buttons=(Button("Next", "list page:2"),)), *rows))
    text, card = answers.messages(said, LINK, "t")
    assert "T-7 · Lamp" in text["text"]["content"]
    made: dict[str, Any] = card["template_card"]
    assert [each["id"] for each in made["button_selection"]["option_list"]] == ["7", "8"]
    pressed = {each["text"]: each["key"] for each in made["button_list"]}
    assert {text: keys.typed(key, {"n": ["8"]}) for text, key in pressed.items()} == {
        "Claim": "claim 8",
        "Show": "show 8",
        "Next": "list page:2",
    }
    assert keys.typed(pressed["Claim"], {}) is None


def test_a_form_of_choices_is_a_card_and_what_is_written_is_typed() -> None:
    to = Input("to", "Hand over to", "choice", options=(Choice("Mei Lin", "mei"), Choice("Bo", "bo")))
    form = Form("assign", "Assign T-7", (to,), "Assign", "Cancel", 7)
    (made,) = answers.messages(Reply("Type: assign 7 …", form=form), LINK, "t")
    assert problem(made) is None
    assert keys.filled(made["template_card"]["submit_button"]["key"], {"to": ["bo"], "other": ["x"]}) == ("assign", 7, {"to": "bo"})
    written = Form("note", "Note", (Input("text", "Note"),), "Note", "Cancel", 7)
    assert answers.messages(Reply("Type: note 7 …", form=written), LINK, "t") == [
        {"msgtype": "text", "text": {"content": "Type: note 7 …"}}
    ]


@given(st.text(min_size=1, max_size=300))
def test_a_key_says_its_words_again(words: str) -> None:
    for asking in (False, True):
        key = keys.literal(words, asking=asking)
        assert key is None or (keys.typed(key, {}), keys.asks(key), keys.filled(key, {})) == (words, asking, None)


def test_a_card_that_changes_nothing_that_matters_keeps_its_code() -> None:
    card = Card(
        "T-1", "warn", fields=(Field("Priority", "normal"),), buttons=(Button("Claim", "claim 1", "primary"), Button("Why", "why 1"))
    )
    made = cards.template_card(card, LINK)
    louder = cards.template_card(Card("T-1", "alarm", card.lines, (Field("Priority", "high"),), (), card.buttons), LINK)
    assert cards.use(made) == cards.use(louder)
    assert cards.face(made) != cards.face(louder)
    assert cards.use(made) != cards.use(cards.template_card(card, LINK, over="Claimed by Mei"))


HOSTILE = {
    "<@all> <a href='x'>": "＜@all＞ ＜a href='x'＞",
    "a\u200bb\u202ec\u2066d\ufeff": "abcd",
    "\x00\ud800x": "x",
    "a\r\nb": "a\nb",
}


def test_buyers_words_are_no_markup_and_no_mention() -> None:
    assert {text: clean(text) for text in HOSTILE} == HOSTILE
    assert unmarked("# head\n  # in\n[a](http://x) **b** `c` <font color=red>") == (
        "＃ head\n  ＃ in\n［a］(http://x) ＊＊b＊＊ ｀c｀ ＜font color=red＞"
    )


@given(st.lists(st.text(max_size=900), min_size=1, max_size=30), st.integers(60, 3000))
def test_texts_are_parted_between_whole_characters_and_lose_no_line(lines: list[str], most: int) -> None:
    cleaned = [clean(each) for each in lines]
    found = pieces(cleaned, most)
    assert all(len(each.encode()) <= most for each in found)
    assert all(len(cut(each, most).encode()) <= most for each in cleaned)
    short = [each for each in cleaned if len(each.encode()) <= most - 8]
    assert all(any(each in piece for piece in found) for each in short)
