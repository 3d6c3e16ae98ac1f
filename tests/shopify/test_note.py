"""The block in an order's note: it is there once, is never too long, and every word of a person's stays."""

from __future__ import annotations

import pytest
from graphql import parse, validate
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.shopify import documents, showing
from handlers.shopify.note import CLOSE, MOST, OPEN, OWN, apart, line, with_block
from tests.fakes.shopify import SCHEMA

LINE = line("T-7", "处理中", "退款延迟", "2026-11-23T08:00:00.000Z")
words = st.text(st.characters(codec="utf-8"), max_size=200)
lines = st.lists(
    st.builds(line, st.from_regex(r"T-[1-9][0-9]{0,6}", fullmatch=True), words, words, st.just("2026-11-23T08:00:00.000Z")),
    min_size=1, max_size=60,
)  # fmt: skip


@pytest.mark.parametrize("name", documents.ALL)
def test_what_is_asked_is_what_the_version_of_the_api_knows(name):
    assert validate(SCHEMA, parse(documents.ALL[name])) == []


def test_the_schema_would_find_a_word_that_the_version_does_not_know():
    assert validate(SCHEMA, parse(documents.SHOW.replace("note tags", "note labels")))


@given(words, st.lists(lines, min_size=1, max_size=5))
@example("买家要求周末送货\r\n请勿按门铃\r\n", [["T-1 · a · b · 2026-11-23 08:00Z"]])
def test_after_any_changes_the_block_is_there_once_and_the_rest_is_what_a_person_wrote(text, changes):
    text = text.replace(OPEN, "").replace(CLOSE, "")
    note = text
    for each in changes:
        note = with_block(note, each)
        assert with_block(note, each) == note
    before, after = apart(note)
    assert before.startswith(text)
    assert before[len(text) :].strip() == ""
    assert after == ""
    assert note.count(OPEN) == note.count(CLOSE) == 1
    assert changes[-1][0] in note
    assert len(note[note.index(OPEN) :]) <= OWN


@given(st.integers(0, MOST), st.sampled_from(["x", "好", "😀"]), lines)
def test_a_note_never_grows_too_long_and_a_full_one_keeps_its_persons_words(size, letter, block):
    text = (letter * size)[: size // len(letter.encode("utf-16-le")) * 2]
    note = with_block(text, block)
    assert len(note.encode("utf-16-le")) // 2 <= MOST
    assert note.startswith(text)


@given(words, words, words)
def test_what_a_person_writes_around_and_within_the_block_stays(above, within, below):
    note = with_block(above, [LINE])
    edited = note.replace(CLOSE, f"{within}\n{CLOSE}\n{below}")
    again = with_block(edited, [line("T-7", "已关闭", "退款延迟", "2026-11-24T08:00:00.000Z")])
    for said in (above, within, below):
        assert "".join(each for each in said.splitlines()) in "".join(again.splitlines()) or said.strip() in (OPEN, CLOSE)
    assert "处理中" not in again.replace(above, "").replace(within, "").replace(below, "")


@pytest.mark.parametrize(
    ("edited", "left"),
    [
        (f"call her\n\n{OPEN}\n{LINE}\ngift wrap, please", ["call her", "gift wrap, please"]),  # our last line is gone
        (f"{LINE} she called twice\n{OPEN}\n{LINE}\n{CLOSE}", [f"{LINE} she called twice"]),
        (f"{OPEN}\n{LINE} she called twice\n{CLOSE}\nend", [f"{LINE} she called twice", "end"]),
        (f"a\n{OPEN}\n{LINE}\n{CLOSE}\nb\n{OPEN}\n{LINE}\n{CLOSE}\nc", ["a", "b", "c"]),  # copied
    ],
)
def test_a_block_that_a_person_has_edited_loses_our_lines_alone(edited, left):
    before, after = apart(edited)
    assert [each for each in (before + after).splitlines() if each.strip()] == left
    assert with_block(edited, [LINE]).count(OPEN) == 1


def test_old_news_does_not_replace_newer_and_the_order_is_as_far_as_its_least_finished_ticket():
    new = {"state": "closed", "said": "已关闭", "category": "c", "at": "2026-11-24T08:00:00.000Z"}
    old = {**new, "state": "open", "at": "2026-11-23T08:00:00.000Z"}
    both = showing.merged({"T-1": new}, "T-1", old)
    assert both == {"T-1": new}
    assert showing.tags(both, ["vip", "deskbell:open"]) == (["deskbell:closed", "售后完成"], ["deskbell:open"])
    assert showing.overall(showing.merged(both, "T-2", old)) == "open"
    assert showing.read(showing.written(both)) == both
    assert showing.read("[1]") == showing.read("{") == showing.read('{"tickets": {"T-1": 3}}') == {}
