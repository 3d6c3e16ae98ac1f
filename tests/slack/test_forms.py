"""Any form is a modal that Slack takes, and what is filled in comes back as the command that was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Choice, Form, Input
from bot.messages import OwnDesk, Reply, Shelf
from handlers.slack import forms, home
from handlers.slack.forms import Origin
from tests.fakes.slack_blocks import marked_up, view_problems
from tests.slack.test_cards import CARD, TEXT

VALUE = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=170)
CHOICES = st.lists(st.builds(Choice, TEXT, VALUE), min_size=1, max_size=120, unique_by=lambda each: each.value).map(
    lambda found: (Choice("always", "always"), *(each for each in found if each.value != "always"))
)
INPUT = st.builds(Input, VALUE, TEXT, st.sampled_from(["text", "line", "choice", "choices"]), TEXT, CHOICES, st.booleans(), TEXT)
FORM = st.builds(
    Form, st.just("wave"), TEXT, st.lists(INPUT, min_size=1, max_size=8, unique_by=lambda each: each.name).map(tuple), TEXT, TEXT,
    st.none() | st.integers(1, 9999), st.dictionaries(VALUE, VALUE, max_size=2), st.sampled_from(["en", "zh"]),
)  # fmt: skip
TO = {"response_url": "https://hooks.slack.com/actions/T1/2/x", "channel": "C1", "user": "U1"}


@settings(max_examples=60, deadline=None)
@given(FORM)
def test_any_form_is_a_modal_that_slack_takes(form: Form) -> None:
    view = forms.modal(form, Origin(TO))
    assert view_problems(view) == []
    assert marked_up(view["blocks"]) == []
    json.dumps(view, ensure_ascii=False).encode()


@settings(max_examples=15, deadline=None)
@given(st.lists(CARD, max_size=3), st.lists(CARD, max_size=30), TEXT)
def test_any_desk_is_a_home_that_slack_takes(heads: list[Card], rows: list[Card], line: str) -> None:
    desk = OwnDesk(Card("Desk", buttons=(Button("List", "list"),)), tuple(Shelf(head, tuple(rows)) for head in heads), "Refresh")
    assert view_problems(home.view(desk, line)) == []


@settings(max_examples=40, deadline=None)
@given(TEXT, CARD)
def test_any_answer_is_a_modal_that_slack_takes(said: str, card: Card) -> None:
    assert view_problems(forms.told(Reply(said, (card,)), Origin(TO))) == []


FORM_OF_WAVE = Form(
    "wave", "Wave T-7",
    (
        Input("text", "Why"), Input("hand", "Which", "choice", "left", (Choice("Left", "left"), Choice("Right", "right"))),
        Input("to", "To", "choices", options=(Choice("A", "a"), Choice("B", "b"))), Input("note", "Note", "line", needed=False),
    ),
    "Wave", "Cancel", 7, {"source": "https://x"}, "en",
)  # fmt: skip


def _body(state: dict[str, Any], **view: Any) -> dict[str, Any]:
    shown = {**forms.modal(FORM_OF_WAVE, Origin(TO)), "id": "V1", "hash": "h1", "state": {"values": state}, **view}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": shown}


def test_what_was_filled_in_is_the_forms_command() -> None:
    sent = forms.sent(
        _body({
            "text": {"in:text": {"type": "plain_text_input", "value": "a & b <c>"}},
            "hand": {"in:hand": {"type": "static_select", "selected_option": {"value": "right"}}},
            "to": {"in:to": {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}},
            "note": {"in:note": {"type": "plain_text_input", "value": None}},
        })
    )  # fmt: skip
    assert sent is not None
    command = sent.command
    assert (command.by.id, command.verb, command.ticket, command.words, command.once) == ("T1/U1", "wave", 7, "", "view:V1:h1")
    assert command.args == {"source": "https://x", "text": "a & b <c>", "hand": "right", "to": ["a", "b"]}
    assert command.answer_to == TO


def test_a_chosen_option_is_chosen_when_the_form_opens() -> None:
    hand = forms.modal(FORM_OF_WAVE, Origin(TO))["blocks"][1]["element"]
    assert hand["initial_option"]["value"] == "left"


@pytest.mark.parametrize("field", ["text", "hand"])
def test_a_refusal_of_an_input_stands_beside_it(field: str) -> None:
    said = Reply("No.", ok=False, field=field)
    assert forms.refused(_body({})["view"], said) == {"response_action": "errors", "errors": {field: "No."}}


@pytest.mark.parametrize("field", [None, "ticket"])
def test_any_other_refusal_takes_the_forms_place(field: str | None) -> None:
    answer = forms.refused(_body({})["view"], Reply("不行。", ok=False, field=field, locale="zh"))
    assert answer["response_action"] == "update"
    assert view_problems(answer["view"]) == []
    assert answer["view"]["close"]["text"] == "关闭"
    assert "submit" not in answer["view"]


def test_the_way_back_is_left_out_where_a_modal_could_not_carry_it() -> None:
    view = forms.modal(FORM_OF_WAVE, Origin({**TO, "response_url": "https://" + "x" * 3000}))
    assert view_problems(view) == []
    assert forms.origin(view).to == {"user": "U1"}


JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))
KEYS = st.sampled_from(["team", "user", "view", "id", "hash", "state", "values", "private_metadata", "selected_options", "to", "verb"])


@given(st.dictionaries(KEYS, JUNK | st.dictionaries(KEYS, JUNK)))
def test_a_submission_of_any_shape_is_a_command_or_none(body: dict[str, Any]) -> None:
    sent = forms.sent(body)
    assert sent is None or sent.command.verb
