"""In which language something is written, and what tags people and browsers have for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tongues import KNOWN, base, detect, same, tag, told
from tests.bench.tongues import held_out, rows

SAID = {
    "我的退款還沒到，已經兩個星期了": "zh-Hant", "我的退款还没到 order SP-1024": "zh-Hans", "สินค้าไม่มาเลย order SP-9": "th",
    "Where is my refund? I paid with my Visa.": "en", "Barang tak sampai lagi, nak refund duit saya": "ms",
    "Kapan uang saya dikembalikan? Paketnya belum sampai": "id",
    "Bonjour, je n'ai pas reçu mon colis, merci de me répondre": None, "Tôi chưa nhận được hàng": None,
    "注文した商品がまだ届きません": None,
    "주문한 물건이 안 왔어요": None, "Где мой заказ?": None, "SP-1024 138****1234 https://shop.example/refund": None, "ok": None, "": None,
}  # fmt: skip
TAGS = {
    "zh": "zh-Hans", "zh_CN": "zh-Hans", "ZH-tw": "zh-Hant", "zh-Hant-HK": "zh-Hant", "yue": "zh-Hant", "繁體": "zh-Hant", "en-SG": "en",
    "ms-MY": "ms", "in": "id", "id-ID": "id", "泰语": "th", "Thai": "th", "fr": None, "": None, "english please": None, "x" * 80: None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "language"), SAID.items())
def test_a_text_is_told_by_its_script_and_words_and_no_other_language_is_taken_for_ours(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(("written", "known"), TAGS.items())
def test_a_tag_is_read_as_people_browsers_and_providers_write_it(written: str, known: str | None) -> None:
    assert tag(written) == known


def test_nine_texts_of_ten_are_told_right_in_every_language_by_words_of_other_scenarios() -> None:
    found = held_out(rows())
    for language in ("zh", "th", "en", "ms", "id"):
        mine = [base(said) if said else None for whose, said in found if whose == language]
        assert sum(each == language for each in mine) > 0.95 * len(mine), language


def test_a_browsers_locale_goes_before_the_text_and_a_script_makes_no_other_language() -> None:
    assert told("id-ID", "Where is my refund, please?") == "id-ID"
    assert told(None, "Where is my refund, please?") == "en"
    assert same("zh-Hant-TW", "zh")
    assert same("in", "id-ID")
    assert not same("ms-MY", "id-ID")
    assert not same(None, "zh")


@given(st.text(max_size=300))
def test_anything_at_all_is_a_known_language_or_none(text: str) -> None:
    assert detect(text) in (*KNOWN, None)
    assert tag(text) in (*KNOWN, None)
