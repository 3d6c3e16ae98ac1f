"""What is said to the bot, as commands; whose id it is that says so. Rules as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeliveryFailed
from handlers.wecom.longbot.accounts import Accounts
from handlers.wecom.longbot.frames import Frame
from handlers.wecom.longbot.inbound import command, read, unmentioned
from storage.cache import MemoryCache
from tests.clock import START, PushedClock

ENCRYPTED = "woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@Desk claim 1", "claim 1"), ("@工单助手 认领1", "认领1"), ("@Desk\u2005claim 1", "claim 1"),
        ("@Desk Bell\u2005claim 1", "claim 1"),
        ("  @Desk   claim 1 ", "claim 1"),
        ("claim 1 @Desk", "claim 1"), ("claim 1 @售后 助手\u2005", "claim 1"),
        ("@Desk assign 1 @bo", "assign 1 @bo"), ("assign 1 @bo @Desk", "assign 1 @bo"), ("@Desk", ""),
        ("list", "list"), ("mail me@example.com now", "mail me@example.com now"),
    ],
)  # fmt: skip
def test_the_mention_of_the_bot_is_taken_off_and_other_peoples_stay(text: str, left: str) -> None:
    assert unmentioned(text) == left


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["msgid", "chatid", "chattype", "from", "userid", "msgtype", "text", "content", "event", "eventtype", "template_card_event",
             "event_key", "task_id", "selected_items", "selected_item", "option_ids", "option_id", "mixed", "msg_item"]
        ),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(body=st.dictionaries(st.sampled_from(["from", "event", "msgtype", "text", "mixed", "chatid", "chattype", "msgid"]), anything))
def test_whatever_a_frame_holds_it_is_read_or_left(body: dict[str, Any]) -> None:
    said = read(Frame("aibot_msg_callback", "q", body))
    if said is not None:
        found = command(said, "u", "q", START)
        assert found is None or (found.words and found.by.id == "-/u")


class App:
    """A self-built app that is asked for userids."""

    def __init__(self, *answers: Mapping[str, Any] | DeliveryFailed) -> None:
        self.answers, self.asked = list(answers), 0

    async def call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked += 1
        assert path == "batch/openuserid_to_userid"
        answer = self.answers.pop(0)
        if isinstance(answer, DeliveryFailed):
            raise answer
        return answer


def accounts(app: App | None, cache: MemoryCache | None = None) -> Accounts:
    return Accounts(app.call if app else None, cache or MemoryCache(PushedClock()), "B")


async def test_an_encrypted_id_is_converted_once_also_for_the_process_that_comes_after() -> None:
    app = App({"userid_list": [{"open_userid": ENCRYPTED, "userid": "ZhangSan"}], "invalid_open_userid_list": []})
    cache = MemoryCache(PushedClock())
    assert [await accounts(app, cache).clear(ENCRYPTED) for _ in range(3)] == ["zhangsan"] * 3
    assert app.asked == 1


async def test_an_id_in_the_clear_comes_back_as_invalid_and_is_taken_as_it_is() -> None:
    app = App({"userid_list": [], "invalid_open_userid_list": ["LiSi"]})
    assert await accounts(app).clear("LiSi") == "lisi"
    assert await accounts(None).clear("LiSi") == "lisi"


async def test_while_wecom_cannot_be_asked_nobody_is_taken_for_somebody_and_it_is_asked_again() -> None:
    app = App(DeliveryFailed("later", "busy"), {"userid_list": [{"open_userid": ENCRYPTED, "userid": "lisi"}]})
    known = accounts(app)
    with pytest.raises(DeliveryFailed):
        await known.clear(ENCRYPTED)
    assert await known.clear(ENCRYPTED) == "lisi"


async def test_an_app_that_may_not_ask_does_not_shut_the_bot_up() -> None:
    assert await accounts(App(DeliveryFailed("rejected", "WeCom says 48002"))).clear("LiSi") == "lisi"
