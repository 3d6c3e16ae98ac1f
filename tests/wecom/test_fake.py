"""The fake WeCom refuses, forgets and keeps silent where the real one does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.wecom.errors import WecomFailed
from tests.wecom.conftest import Place

CARD = {
    "card_type": "button_interaction", "main_title": {"title": "T-1"}, "task_id": "t1",
    "button_list": [{"text": "Claim", "key": "=claim 1"}],
}  # fmt: skip


async def sent(place: Place, user: str = "mei", **card: Any) -> str:
    body = {"touser": user, "agentid": place.app.agent_id, "msgtype": "template_card", "template_card": {**CARD, **card}}
    return str((await place.client.call(place.app, "message/send", body))["response_code"])


async def changed(place: Place, code: str) -> None:
    card = {name: value for name, value in CARD.items() if name != "task_id"}
    body = {"userids": ["mei"], "agentid": place.app.agent_id, "response_code": code, "template_card": {**card, "replace_text": "Done"}}
    await place.client.call(place.app, "message/update_template_card", body)


async def test_a_response_code_works_once_and_for_72_hours(place: Place) -> None:
    code = await sent(place)
    await changed(place, code)
    assert place.wecom.chat("mei")[0].grey == "Done"
    with pytest.raises(WecomFailed, match="60140"):
        await changed(place, code)
    late = await sent(place, task_id="t2")
    place.clock.push(timedelta(hours=72))
    with pytest.raises(WecomFailed, match="60140"):
        await changed(place, late)


async def test_a_member_is_shown_thirty_messages_a_minute_and_nobody_is_told_of_the_rest(place: Place) -> None:
    for number in range(35):
        await sent(place, task_id=f"t{number}")
    assert (len(place.wecom.chat("mei")), len(place.wecom.dropped)) == (30, 5)
    place.clock.push(timedelta(minutes=1))
    await sent(place, task_id="t99")
    assert len(place.wecom.chat("mei")) == 31


async def test_a_robot_takes_twenty_a_minute(place: Place) -> None:
    place.wecom.robots.add("key")
    for _ in range(20):
        await place.client.robot("key", {"msgtype": "markdown", "markdown": {"content": "x"}})
    for content, code in (("x", 45009), ("长" * 1400, 40058), ("", 44004)):
        with pytest.raises(WecomFailed) as refused:
            await place.client.robot("key", {"msgtype": "markdown", "markdown": {"content": content}})
        assert refused.value.code == code


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"task_id": "no blanks"}, 42014), ({"task_id": ""}, 42014), ({"main_title": {}}, 42016), ({"button_list": []}, 42018),
    ({"button_list": [{"text": "x", "key": str(number)} for number in range(7)]}, 42018),
    ({"button_list": [{"text": "x", "key": "1"}, {"text": "y", "key": "1"}]}, 42019),
    ({"button_list": [{"text": "x", "key": "长" * 342}]}, 42019), ({"card_type": "x"}, 42015),
    ({"horizontal_content_list": [{"keyname": "x", "value": "y"}] * 7}, 42020),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "code"), WRONG)
async def test_a_card_with_a_wrong_field_is_refused(place: Place, wrong: dict[str, Any], code: int) -> None:
    with pytest.raises(WecomFailed) as refused:
        await sent(place, **wrong)
    assert refused.value.code == code


async def test_a_task_id_is_taken_once(place: Place) -> None:
    await sent(place)
    with pytest.raises(WecomFailed, match="42014"):
        await sent(place, user="bo")
