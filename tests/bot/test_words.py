"""The command language: both languages, full-width input, odd spaces, typos; and every sentence in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import registry
from bot.turn import plain
from bot.wording import SENTENCES, say


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("claim 1024", "claim", "1024"), ("  CLAIM   T-1024 ", "claim", "T-1024"), ("认领 1024", "claim", "1024"),
        ("认领1024", "claim", "1024"), ("ｃｌａｉｍ　１０２４", "claim", "１０２４"), ("工单 认领 1024", "claim", "1024"),
        ("工单认领1024", "claim", "1024"), ("/ticket list mine", "list", "mine"), ("列表 我的", "list", "我的"), ("查询", "list", ""),
        ("备注 1024 已联系物流，等待回复！", "note", "1024 已联系物流，等待回复！"), ("回复1024您好", "reply", "1024您好"),
        ("我", "whoami", ""), ("为什么 3", "why", "3"), ("计时 3", "why", "3"), ("撤销", "undo", ""),
        ("解冻 店铺:a b", "unfreeze", "店铺:a b"),
        ("取消稍后 5", "unsnooze", "5"), ("merge 1 into 2", "merge", "1 into 2"), ("list @late", "list", "@late"),
    ],
)  # fmt: skip
def test_a_message_is_understood_as_its_writer_meant(typed: str, verb: str, rest: str) -> None:
    found = registry.parse(typed)
    assert found is not None
    assert (found[0].name, typed[found[1] :].strip()) == (verb, rest)


@pytest.mark.parametrize("typed", ["", "   ", "frobnicate", "1024", "工单", "claims", "我的", "🙂", "-- drop table"])
def test_what_is_no_command_is_not_taken_for_one(typed: str) -> None:
    assert registry.parse(typed) is None


@pytest.mark.parametrize(("typed", "meant"), [("clame 1", "claim 1"), ("lst", "list"), ("认令 1", "认领 1"), ("resovle 4", "resolve 4")])
def test_a_slip_gets_the_nearest_command_as_a_suggestion(typed: str, meant: str) -> None:
    assert registry.nearest(typed) == meant


@given(st.text())
def test_making_text_plain_keeps_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    found = registry.parse(text)
    assert found is None or 0 < found[1] <= len(text)


def test_every_verb_has_words_usage_and_an_example_in_both_languages_and_no_word_means_two_things() -> None:
    words = [word for verb in registry.all_verbs() for word in (verb.name, *verb.chinese)]
    assert len(words) == len(set(words))
    for verb in registry.all_verbs():
        for text in (*verb.usage, *verb.help, *verb.example, *verb.chinese):
            assert text
        for example in verb.example:
            found = registry.parse(example)
            assert found is not None
            assert found[0] is verb


def test_both_languages_of_a_sentence_take_the_same_values() -> None:
    for key, (english, chinese) in SENTENCES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
        assert names[0] == names[1], key


def test_every_sentence_that_the_code_says_exists() -> None:
    said = set()
    for path in Path("bot").rglob("*.py"):
        source = path.read_text("utf-8")
        said |= set(re.findall(r'(?:\bsay|\.reply|Refused|NotFound|NotAllowed|BadUsage|WrongState)\(\s*"([a-z_0-9.]+)"', source))
    assert len(said) > 80
    assert said <= set(SENTENCES)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_refusals_say_what_to_do(locale: str) -> None:
    assert "1024" in say("bad_number", locale, example="claim 1024")


def test_whatever_goes_on_a_timeline_has_words_for_the_report() -> None:
    """Those that a report leaves out, and those made of a tier's number, apart."""
    source = "".join(path.read_text("utf-8") for path in Path("bot").rglob("*.py"))
    types = set(re.findall(r'\bEvent\(\s*"([a-z0-9_.]+)"', source)) | set(re.findall(r'\bEntry\([^"]*"([a-z0-9_.]+)"', source))
    types |= {f"sla.tier{tier}" for tier in (1, 2, 3)}
    assert len(types) > 25
    assert [each for each in sorted(types - {"held", "left"}) if f"happened.{each}" not in SENTENCES] == []
