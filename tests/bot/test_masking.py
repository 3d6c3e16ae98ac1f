"""What in a text tells of a person is found, what only looks like it is left, and what is masked stays masked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.privacy import TYPES, Span, find, mask_text
from tests.bot.personal import corpus

ROOT = Path(__file__).parent.parent.parent
LEAST = {
    "phone": 0.99,
    "email": 0.99,
    "card": 0.99,
    "id_number": 0.99,
    "name": 0.9,
    "address": 0.9,
    "bank_account": 0.9,
    "passport": 0.9,
    "ip": 0.9,
}
PIECES = some.sampled_from(
    [
        "13812345678",
        "+65 9123 4567",
        "a.b@example.com",
        "4111 1111 1111 1111",
        "我叫张伟",
        "收件人：",
        "My name is ",
        "John Smith",
        "@",
        ".",
        "-",
        " ",
        "订单号",
        "**",
        "1",
        "上海市",
        "路5号",
        "\u200b",
        "９",
        "::1",
    ]
)
TEXTS = some.lists(PIECES | some.text(max_size=8), max_size=12).map("".join)


def test_of_three_thousand_texts_in_five_languages_what_is_personal_is_found_and_little_else() -> None:
    asked, got, said, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for each in corpus():
        found = find(each.text)
        for span in each.spans:
            asked[span.type] += 1
            got[span.type] += any(one.type == span.type and _over(one, span) for one in found)
        for one in found:
            said[one.type] += 1
            right[one.type] += any(one.type == span.type and _over(one, span) for span in each.spans)
    assert set(asked) == set(TYPES)
    assert {type: got[type] / asked[type] for type in TYPES if got[type] < LEAST[type] * asked[type]} == {}
    assert {type: right[type] / said[type] for type in TYPES if right[type] < 0.97 * said[type]} == {}


def _over(one: Span, other: Span) -> bool:
    """The same but for one character in ten at either end."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return both >= 0.9 * (max(one.end, other.end) - min(one.start, other.start))


@given(TEXTS)
def test_spans_are_in_the_text_in_order_and_never_cross_and_what_is_masked_stays_as_it_is(text: str) -> None:
    end = 0
    for span in find(text):
        assert end <= span.start < span.end <= len(text)
        assert span.type in TYPES
        end = span.end
    masked = mask_text(text)
    assert mask_text(masked) == masked


@pytest.mark.parametrize("written", ["Zoë Quarkwell", "ZOË  QUARKWELL", "zoë-quarkwell"])
def test_what_the_order_tells_is_found_however_it_is_written(written: str) -> None:
    text = f"parcel of {written} is lost"
    assert [(text[each.start : each.end], each.type) for each in find(text, [("name", "Zoë Quarkwell")])] == [(written, "name")]


def test_the_command_tells_spans_in_characters_and_names_a_line_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"text": "电话１３８1234 5678。"}) + "\n", "utf-8")
    told = _run("mask", "--predict", str(path))
    assert json.loads(told.stdout) == {"text": "电话１３８1234 5678。", "spans": [{"start": 2, "end": 14, "type": "phone"}]}
    path.write_text('{"text": "a"}\n{"no": 1}\n', "utf-8")
    wrong = _run("mask", "--predict", str(path))
    assert wrong.returncode == 1
    assert "line 2: text is missing" in wrong.stderr


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "run_bot.py", *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
