"""Translators, one after the other: what they may not touch, what they cannot do, who stands in for whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSetting
from bot.settings import Settings
from handlers.edge import World
from handlers.translate.chain import BREAKS_AFTER, RESTS, Chain
from handlers.translate.edge import Translate, connect
from handlers.translate.guarding import Mangled, guarded, pieces, restored
from handlers.translate.provider import CannotTranslate
from storage.cache import open_cache
from tests.clock import PushedClock
from tests.fakes.translators import MANGLES, FakeTranslators

KEPT = "Order SP-1024: S$ 12.50 not 1,200 THB, call 138****1234 or [email], see https://shop.example/r?id=7 【1】 #88 T1024"


@pytest.fixture
async def fake() -> AsyncIterator[FakeTranslators]:
    server = FakeTranslators()
    await server.start()
    yield server
    await server.stop()


async def edge(url: str, clock: PushedClock, closing: AsyncExitStack) -> Translate:
    return await connect(World(Settings(translate_url=url), clock, open_cache(None, clock), closing))


async def chain(url: str, clock: PushedClock, closing: AsyncExitStack) -> Chain:
    made = await edge(url, clock, closing)
    assert made._chain is not None
    return made._chain


@pytest.mark.parametrize("mangle", sorted({*MANGLES} - {"lost", "twice"}))
async def test_what_must_stay_comes_back_exactly_however_a_translator_mangles_brackets(fake: FakeTranslators, mangle: str) -> None:
    fake.mangle = mangle
    async with AsyncExitStack() as closing:
        for url in (fake.google_url, fake.tencent_url):
            done = await (await chain(url, PushedClock(), closing)).translate(KEPT, "en", "th")
            assert done.text.endswith(f"en→th: {KEPT}")
    sent = fake.google[0]["q"][0]
    for part in ("SP-1024", "12.50", "1,200", "138****1234", "[email]", "https", "#88", "T1024"):
        assert part not in sent


@pytest.mark.parametrize("mangle", ["lost", "twice"])
async def test_a_translation_that_lost_or_doubled_one_is_refused_and_nobodys_is_better_than_a_wrong_one(
    fake: FakeTranslators, mangle: str
) -> None:
    fake.mangle = mangle
    async with AsyncExitStack() as closing:
        with pytest.raises(CannotTranslate, match=r"google: something .* tencent: something") as refused:
            await (await chain(fake.both, PushedClock(), closing)).translate("Order SP-1024 is late", "en", "zh-Hans")
        assert refused.value.lasting


async def test_between_malay_indonesian_and_thai_tencent_goes_by_way_of_english_and_scripts_have_their_codes(fake: FakeTranslators) -> None:
    async with AsyncExitStack() as closing:
        made = await chain(fake.tencent_url, PushedClock(), closing)
        assert (await made.translate("ช้า", "th", "id")).text == "en→id: th→en: ช้า"
        assert (await made.translate("lambat", "ms", "zh-Hant")).text == "ms→zh-TW: lambat"
        assert (await made.translate("慢", None, "en")).text == "auto→en: 慢"


async def test_a_long_text_goes_in_pieces_within_each_ones_limit_and_the_same_text_is_asked_for_once(fake: FakeTranslators) -> None:
    text = "\n".join(f"Line {number} of a long complaint about order SP-{number}. " * 4 for number in range(100, 120))
    async with AsyncExitStack() as closing:
        made = await chain(fake.google_url, PushedClock(), closing)
        first = await made.translate(text, "en", "zh-Hans")
        assert first.text.replace("en→zh-CN: ", "") == text
        asked = len(fake.google)
        assert asked > 0
        assert await made.translate(text, "en", "zh-Hans") == first
        assert len(fake.google) == asked


@pytest.mark.parametrize(("fault", "lasting"), [("403", False), ("429", False), ("500", False), ("400", True), ("404", True)])
async def test_over_quota_and_broken_are_tried_again_and_what_it_never_takes_is_not(
    fake: FakeTranslators, fault: str, *, lasting: bool
) -> None:
    fake.google_fault = fault
    async with AsyncExitStack() as closing:
        with pytest.raises(CannotTranslate) as refused:
            await (await chain(fake.google_url, PushedClock(), closing)).translate("late", "en", "zh-Hans")
        assert refused.value.lasting is lasting
        fake.google_fault, fake.tencent_fault = None, "RequestLimitExceeded"
        assert (await (await chain(fake.both, PushedClock(), closing)).translate("late", "en", "zh-Hans")).provider == "google"
        fake.google_fault, fake.tencent_fault = fault, None
        assert (await (await chain(fake.both, PushedClock(), closing)).translate("late", "en", "zh-Hans")).provider == "tencent"


async def test_one_that_fails_again_and_again_is_left_alone_for_a_while_and_then_tried_with_one_text(fake: FakeTranslators) -> None:
    clock = PushedClock()
    fake.google_fault = "500"
    async with AsyncExitStack() as closing:
        made = await chain(fake.both, clock, closing)
        for number in range(BREAKS_AFTER):
            assert (await made.translate(f"late {number}", "en", "zh-Hans")).provider == "tencent"
            clock.push(timedelta(seconds=1))
        fake.google_fault = None
        assert (await made.translate("resting", "en", "zh-Hans")).provider == "tencent"
        clock.push(RESTS)
        assert (await made.translate("rested", "en", "zh-Hans")).provider == "google"


async def test_doctor_tries_each_provider_by_itself_and_names_what_to_mend(fake: FakeTranslators) -> None:
    async with AsyncExitStack() as closing:
        assert await (await edge(fake.both, PushedClock(), closing)).check() is None
        wrong = fake.both.replace("AKIDfake", "AKIDother")
        said = await (await edge(wrong, PushedClock(), closing)).check()
        assert said is not None
        assert "AuthFailure.SecretIdNotFound" in said
        assert "SECRET_ID" in said
        assert "s/cret" not in said


@pytest.mark.parametrize(
    "url", ["google://", "tencent://id@ap", "deepl://key@", "google://k@?base=ftp://x", "google://[", "tencent://a:b@"]
)
async def test_a_wrong_setting_is_named_and_not_shown(url: str) -> None:
    async with AsyncExitStack() as closing:
        with pytest.raises(BadSetting, match="DESKBELL_TRANSLATE_URL"):
            await edge(url, PushedClock(), closing)


@given(st.text(max_size=400))
def test_whatever_a_text_holds_guarding_and_restoring_gives_it_back(text: str) -> None:
    sent, kept = guarded(text)
    try:
        assert restored(sent, kept) == text.translate({0xFF3B: "[", 0xFF3D: "]"})
    except Mangled:
        assert any(sign in text for sign in "⟦⟧〚〛[]［］【】〔〕〖〗「」『』")  # refused rather than wrong


@given(st.text(alphabet="ab .。\n⟦1⟧", max_size=300), st.integers(min_value=10, max_value=60))
def test_pieces_fit_and_joined_are_the_text(text: str, most: int) -> None:
    found = pieces(text, most)
    assert "".join(found) == text
    assert all(0 < len(each) <= most for each in found)
