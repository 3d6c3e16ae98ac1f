"""The callback: stored and answered empty, worked once, refused in one shape."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import BadSetting
from bot.settings import Settings
from handlers.wecom.inlets import standing
from tests.fakes.wecom_sealing import Sealer, xml
from tests.wecom.callbacks import FORBIDDEN, MERCHANT, OPERATOR, SETTINGS, Callback, event, opened, text
from tests.wecom.test_crypto import ECHO

EMPTY = (200, "")


@pytest.fixture
async def callback() -> AsyncIterator[Callback]:
    async with opened() as made:
        yield made


async def test_a_text_is_stored_and_answered_empty(callback: Callback) -> None:
    assert await callback.types("认领 1024", by="MeiLin") == EMPTY
    (command,) = callback.desk.stored_commands
    assert (command.by.channel, command.by.id, command.words) == ("wecom", "-/meilin", "认领 1024")
    assert command.answer_to == {"channel": "-/meilin", "app": "-"}
    assert not callback.desk.commands  # nothing is worked before it is answered


async def test_the_same_message_sealed_anew_or_sent_again_as_it_was_is_worked_once(callback: Callback) -> None:
    sealed = OPERATOR.post(text("claim 1"), callback.clock.now())
    for _ in range(3):
        assert await callback.post(*sealed) == EMPTY
        assert await callback.types("claim 1") == EMPTY
    assert len(callback.desk.stored) == 1


async def test_what_could_not_be_stored_is_not_acknowledged_and_worked_when_it_comes_again(callback: Callback) -> None:
    sealed = OPERATOR.post(text("claim 1"), callback.clock.now())
    callback.desk.storing = OSError("disk full")
    assert (await callback.post(*sealed))[0] == 500
    callback.desk.storing = None
    assert await callback.post(*sealed) == EMPTY
    assert len(callback.desk.stored) == 1


async def test_two_presses_in_one_second_are_two_and_one_press_sent_twice_is_one(callback: Callback) -> None:
    def press(key: str) -> dict[str, str]:
        return event("template_card_event", EventKey=key, TaskId="T-1@1@dlv_1", CardType="button_interaction", ResponseCode="rc1")

    for key in ("=claim 1", "=show 1", "=claim 1"):
        assert await callback.says(press(key)) == EMPTY
    assert [each.words for each in callback.desk.stored_commands] == ["claim 1", "show 1"]
    assert dict(callback.desk.stored_commands[0].pressed or {}).items() >= {"thread": "T-1@1@dlv_1", "fresh": "rc1"}.items()


async def test_verification_answers_the_bare_echo_also_when_a_plus_has_become_a_blank() -> None:
    query = {"msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "timestamp": "1409659589", "nonce": "263014780", "echostr": ECHO}
    async with opened(at=datetime.fromtimestamp(1409659600, UTC)) as callback:
        assert await callback.get(query) == (200, "1616140317555161061")
        assert await callback.get({**query, "echostr": ECHO.replace("+", " ")}) == (200, "1616140317555161061")
        async with callback.client.get("/wecom/callback", params=query) as answer:
            assert (await answer.read(), answer.content_type) == (b"1616140317555161061", "text/plain")


async def test_a_message_replayed_as_a_verification_is_not_read_out(callback: Callback) -> None:
    query, body = OPERATOR.post(text("the buyer's number is 138…"), callback.clock.now())
    encrypted = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert await callback.get({**query, "echostr": encrypted}) == FORBIDDEN
    now = callback.clock.now()
    echo = OPERATOR.encrypted("1616140317555161061")
    assert await callback.post(OPERATOR.query(echo, now), OPERATOR.body(echo)) == FORBIDDEN


async def test_a_merchants_app_vouches_for_its_own_people_alone(callback: Callback) -> None:
    callback.path, callback.sealer = "/wecom/callback/lumiere-app", MERCHANT
    assert await callback.types("whoami") == EMPTY
    callback.path, callback.sealer = "/wecom/callback", OPERATOR
    assert await callback.types("whoami") == EMPTY
    assert [each.by.id for each in callback.desk.stored_commands] == ["lumiere/mei", "-/mei"]
    for path, sealer in (("/wecom/callback", MERCHANT), ("/wecom/callback/lumiere-app", OPERATOR)):
        callback.path, callback.sealer = path, sealer
        assert await callback.types("whoami", id="2") == FORBIDDEN


@pytest.mark.parametrize("id", ["nobody", "-", "a" * 65, "..%2f", "%E4%BC%81"])
async def test_an_unknown_app_is_refused_like_a_wrong_signature(callback: Callback, id: str) -> None:
    callback.path = f"/wecom/callback/{id}"
    assert await callback.types("whoami") == FORBIDDEN
    echo = OPERATOR.encrypted("1")
    assert await callback.get({**OPERATOR.query(echo, callback.clock.now()), "echostr": echo}) == FORBIDDEN


async def test_without_an_app_in_the_settings_its_callback_refuses() -> None:
    async with opened(Settings()) as callback:
        assert await callback.types("whoami") == FORBIDDEN


PARTS = ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")


@pytest.mark.parametrize("missing", PARTS)
def test_a_half_set_app_names_what_is_missing(missing: str) -> None:
    with pytest.raises(BadSetting, match=f"DESKBELL_{missing.upper()}"):
        standing(replace(SETTINGS, **dict.fromkeys([missing])))  # type: ignore[arg-type]
    with pytest.raises(BadSetting, match="DESKBELL_WECOM_AES_KEY"):
        standing(replace(SETTINGS, wecom_aes_key=OPERATOR.aes_key[:-1]))


HOSTILE_XML = {
    "a DTD": "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>",
    "two ciphertexts": "<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
    "depth": "<xml>" + "<a>" * 40_000,
    "size": "<xml><Encrypt>" + "A" * 70_000 + "</Encrypt></xml>",
    "a ciphertext that is a list": "<xml><Encrypt><item>a</item></Encrypt></xml>",
    "JSON": '{"encrypt": "a"}',
    "nothing": "",
    "no UTF-8": b"\xff\xfe<xml/>",
}


@pytest.mark.parametrize("body", HOSTILE_XML.values(), ids=HOSTILE_XML)
async def test_a_hostile_body_is_refused_in_the_same_shape(callback: Callback, body: str | bytes) -> None:
    query, _ = OPERATOR.post(text("claim 1"), callback.clock.now())
    assert await callback.post(query, body) == FORBIDDEN


async def test_a_signed_message_that_is_not_wecoms_xml_is_refused_in_the_same_shape(callback: Callback) -> None:
    for within in ("<!DOCTYPE a><xml><MsgType>text</MsgType></xml>", "<xml><Content>1</Content><Content>2</Content></xml>", "{}", ""):
        assert await callback.says(within) == FORBIDDEN
    assert not callback.desk.stored


async def test_of_five_thousand_replayed_reordered_mispadded_and_tampered_callbacks_none_is_accepted(callback: Callback) -> None:
    """Accepted is what is stored. Each is answered empty (a repeat of what was taken) or in the one shape of a refusal."""
    chance = random.Random(7)
    now = callback.clock.now()
    taken = []
    for number in range(20):
        nonce = str(int(now.timestamp()) + number) if number % 2 else None  # ten digits and near: it could trade places with the time
        query, body = OPERATOR.post(text(f"note 1 {number}", id=str(number)), now, **({"nonce": nonce} if nonce else {}))
        assert await callback.post(query, body) == EMPTY
        taken.append((query, body, body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]))
    before = len(callback.desk.stored)
    answers: dict[tuple[int, str], int] = {}

    async def attack(number: int) -> None:
        query, body, encrypted = taken[chance.randrange(len(taken))]
        made = ATTACKS[number % len(ATTACKS)](chance, dict(query), body, encrypted)
        answer = await callback.post(*made)
        answers[answer] = answers.get(answer, 0) + 1

    for start in range(0, 5040, 60):
        await asyncio.gather(*(attack(number) for number in range(start, start + 60)))
    assert len(callback.desk.stored) == before
    assert not callback.desk.told
    assert set(answers) == {EMPTY, FORBIDDEN}
    assert sum(answers.values()) >= 5000
    assert answers[EMPTY] == sum(number % len(ATTACKS) == 0 for number in range(5040))  # verbatim replays, and nothing else


Query = dict[str, str]
Made = tuple[Query, str]


def _replayed(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    return query, body


def _swapped(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    return {**query, "timestamp": query["nonce"], "nonce": query["timestamp"]}, body


def _moved(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    """The boundary between two values that stand beside each other in what is signed."""
    first, second = sorted((query["timestamp"], query["nonce"]))
    joined, at = first + second, chance.randrange(1, 19)
    parts = (joined[:at], joined[at:])
    if parts == (first, second):
        parts = (joined[: at + 1], joined[at + 1 :])
    timestamp, nonce = parts if chance.random() < 0.5 else parts[::-1]
    return {**query, "timestamp": timestamp, "nonce": nonce}, body


def _moved_into_the_text(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    at = chance.choice([1, 4, 16, 20])
    return {**query, "nonce": query["nonce"] + encrypted[:at]}, OPERATOR.body(encrypted[at:])


def _tampered_text(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    at = chance.randrange(len(encrypted) - 4)
    other = chance.choice("ABCxyz019+/".replace(encrypted[at], ""))
    return query, OPERATOR.body(encrypted[:at] + other + encrypted[at + 1 :])


def _tampered_seal(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    name = chance.choice(list(query))
    at = chance.randrange(len(query[name]))
    other = chance.choice("0123456789abcdef".replace(query[name][at], ""))
    return {**query, name: query[name][:at] + other + query[name][at + 1 :]}, body


def _late(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    return {**query, "timestamp": str(int(query["timestamp"]) - chance.randrange(301, 10_000_000))}, body


def _resealed_by_a_stranger(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    stranger = Sealer("other", "B" * 42 + "A", OPERATOR.corp_id)
    made = stranger.encrypted(xml(text("claim 1", id=str(chance.random()))))
    signed = {"timestamp": query["timestamp"], "nonce": query["nonce"], "msg_signature": query["msg_signature"]}
    return signed, OPERATOR.body(made)


def _signed(chance: random.Random, query: Query, encrypted: str) -> Made:
    """By one who has got hold of the token alone."""
    return OPERATOR.query(encrypted, datetime.fromtimestamp(int(query["timestamp"]), UTC)), OPERATOR.body(encrypted)


def _mispadded(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    fill = bytes([chance.randrange(256)]) * chance.choice([31, 32, 33, 64])
    return _signed(chance, query, OPERATOR.encrypted(xml(text("claim 1", id="x")), padding=fill[:-1] + b"\0"))


def _random_blocks(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    return _signed(chance, query, OPERATOR.blocks(chance.randbytes(32 * chance.randrange(1, 9))))


def _wrong_length(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    inner = xml(text("claim 1", id="x"))
    return _signed(chance, query, OPERATOR.encrypted(inner, length=len(inner.encode()) + chance.choice([-5, -1, 1, 18, 2**30])))


def _other_receiver(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    return _signed(
        chance, query, OPERATOR.encrypted(xml(text("claim 1", id="x")), receiver=chance.choice(["", "wwother", OPERATOR.corp_id + "x"]))
    )


def _without(chance: random.Random, query: Query, body: str, encrypted: str) -> Made:
    gone = chance.choice(list(query))
    return {name: value for name, value in query.items() if name != gone}, body


ATTACKS = (
    _replayed, _swapped, _moved, _moved_into_the_text, _tampered_text, _tampered_seal, _late, _resealed_by_a_stranger, _mispadded,
    _random_blocks, _wrong_length, _other_receiver, _without,
)  # fmt: skip
