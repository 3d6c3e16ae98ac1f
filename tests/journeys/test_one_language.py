"""One language for every chat: the same words by slash, mention and direct message, in English and Chinese, forgiving how people type."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from bot import commands
from bot.card import Form, Input
from bot.commands import registry
from bot.messages import Reply
from bot.turn import Turn, Verb
from tests.world import CHANNEL, World


async def test_a_slash_a_mention_and_a_direct_message_are_answered_alike(world: World) -> None:
    for words in ("help claim", "帮助 认领", "ｈｅｌｐ　ｃｌａｉｍ", "whoami", "list mine", "clam 1001"):
        typed = await world.says(words)
        await world.slack.mention(words, user="U0MEI", channel=CHANNEL)
        await world.settle()
        assert world.slack.ephemerals("U0MEI")[-1].seen == typed, words
        await world.slack.dm(words, user="U0MEI")
        await world.pass_time(seconds=1)  # a conversation takes one message a second
        assert world.slack.dms("U0MEI")[-1].seen == typed, words


TYPOS = {
    "clam 1001": "claim 1001", "relase 1001": "release 1001", "/ticket lsit mine": "list mine", "ｃｌｉａｍ １００１": "claim 1001",
    "认令 1001": "认领 1001", "任领1001": "认领 1001", "列单 未认领": "列表 未认领", "优先及 1001 高": "优先级 1001 高",
    "优级 1001": "优先级 1001",
    "备住1001已联系物流": "备注 1001已联系物流",
}  # fmt: skip


async def test_a_typo_gets_what_may_have_been_meant_whole_in_the_readers_language(world: World) -> None:
    for words, meant in TYPOS.items():
        assert f"Did you mean “{meant}”?" in await world.says(words), words
        assert f"您是想说 “{meant}” 吗？" in await world.says(words, by="bo"), words
    assert "“help claim”" in await world.says("help clam")
    assert "“帮助 转派”" in await world.says("帮助 转发", by="bo")
    for words in ("xyzzy", "12345", "!!!", "謝謝"):
        said = await world.says(words)
        assert ("I don't know" in said, "Did you mean" in said) == (True, False), words


async def test_help_lists_every_command_with_examples_in_the_persons_language(world: World) -> None:
    for words in ("", "help", "帮助", "　ＨＥＬＰ　"):
        english, chinese = await world.says(words), await world.says(words, by="bo")
        for verb in registry.all_verbs():
            assert (verb.usage[0] in english, verb.usage[1] in chinese) == (True, True), verb.name
        assert ("claim 1024" in english, "认领 1024" in chinese) == (True, True)


def test_every_commands_example_is_that_command_in_both_languages() -> None:
    for verb in registry.all_verbs():
        for example in verb.example:
            parsed = registry.parse(example)
            assert parsed is not None, example
            assert parsed[0] is verb, example


def test_no_word_means_two_commands() -> None:
    words = [word for verb in registry.all_verbs() for word in (verb.name, *verb.chinese)]
    assert len(words) == len(set(words))


@pytest.fixture
def wave(monkeypatch: pytest.MonkeyPatch):
    """A command that nobody has heard of: one file, one line in the list."""

    def run(turn: Turn) -> Reply:
        return Reply(f"{turn.who.name} waves: {turn.text()}", locale=turn.locale)

    def form(turn: Turn) -> Form:
        return Form("wave", "Wave", (Input("text", "Why"),), "Wave", "Cancel")

    module = ModuleType("bot.commands.wave")
    module.VERB = Verb("wave", ("挥手",), ("wave why", "挥手 原因"), ("say hello", "打招呼"), run, ("wave hi", "挥手 你好"), form=form)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.commands.wave", module)
    monkeypatch.setattr(commands, "NAMES", (*commands.NAMES, "wave"))
    monkeypatch.setattr(registry, "NAMES", commands.NAMES)
    registry.all_verbs.cache_clear()
    registry._words.cache_clear()
    yield
    registry.all_verbs.cache_clear()
    registry._words.cache_clear()


async def test_a_new_command_is_in_help_in_suggestions_and_in_forms_without_another_edit(world: World, wave: None) -> None:
    assert "wave why — say hello" in await world.says("help")
    assert "挥手 原因 — 打招呼" in await world.says("帮助", by="bo")
    assert "“wave hi”" in await world.says("wavee hi")
    assert await world.says("挥手 早") == "Mei Lin waves: 早"
    view = await world.slack.shortcut("ask:wave", user="U0MEI", text="hello")
    assert view is not None
    assert view.seen == "Wave\nWhy"
    await world.slack.submit("U0MEI", {"text": "just so"})
    await world.slack.until(lambda: world.slack.ephemerals("U0MEI")[-1].seen == "Mei Lin waves: just so")
