"""What is WeCom's is opened, and nothing else: its own vectors, wechatpy as the oracle, and what an attacker would try."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from bot.errors import Unauthentic
from handlers.wecom.crypto import Keys, Seal, opened, seal, signature, verify
from tests.fakes.wecom_sealing import Sealer

SEALER = Sealer()
KEYS = Keys(SEALER.token, SEALER.aes_key, SEALER.corp_id)
# https://developer.work.weixin.qq.com/document/path/90968
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+"
    "6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGU"
    "callcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)


def at(timestamp: str) -> datetime:
    return datetime.fromtimestamp(int(timestamp), UTC)


def query(sealed: Seal) -> MultiDict[str]:
    return MultiDict(msg_signature=sealed.signature, timestamp=sealed.timestamp, nonce=sealed.nonce)


@pytest.mark.parametrize(
    ("sealed", "encrypted", "says"),
    [
        (Seal("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780"), ECHO, "1616140317555161061"),
        (Seal("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"), MESSAGE, "<Content><![CDATA[hello]]></Content>"),
    ],
    ids=["verification", "message"],
)
def test_the_official_vectors_open(sealed: Seal, encrypted: str, says: str) -> None:
    found = seal(query(sealed), at(sealed.timestamp))
    verify(KEYS, found, encrypted)
    assert says in opened(KEYS, encrypted)


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.sampled_from(["", "ww1", "企业"]))
def test_whatever_wechatpy_seals_opens_and_the_other_way_round(text: str, corp: str) -> None:
    from wechatpy.crypto import _get_signature
    from wechatpy.enterprise.crypto import PrpCrypto

    sealer = Sealer(corp_id=corp)
    keys = Keys(sealer.token, sealer.aes_key, corp)
    theirs = PrpCrypto(__import__("base64").b64decode(sealer.aes_key + "="))
    assert opened(keys, theirs.encrypt(text, corp).decode()) == text
    assert theirs.decrypt(sealer.encrypted(text), corp) == text
    assert signature("t", "1", "n", ECHO) == _get_signature("t", "1", "n", ECHO)


WRONG = {
    "padding of nothing": SEALER.encrypted("<xml/>", padding=b"\0" * (32 - (16 + 4 + 6 + 18) % 32)),
    "padding longer than a block": SEALER.blocks(b"x" * 31 + b"\x21" * 33),
    "padding that is not all alike": SEALER.encrypted("<xml/>", padding=b"\1" * 19 + b"\x14"),
    "padding alone": SEALER.blocks(b"\x20" * 32),
    "a length beyond its end": SEALER.encrypted("<xml/>", length=2**31),
    "a length that takes the receiver along": SEALER.encrypted("<xml/>", length=6 + 18),
    "a length that leaves text to the receiver": SEALER.encrypted("<xml/>", length=5),
    "another receiver": SEALER.encrypted("<xml/>", receiver="wwother"),
    "no receiver": SEALER.encrypted("<xml/>", receiver=""),
    "no UTF-8": SEALER.encrypted(b"\xff\xfe"),
    "half a block": SEALER.blocks(b"x" * 16),
    "nothing": "",
    "no base64": "***=",
    "base64 with blanks": ECHO[:20] + "\n" + ECHO[20:],
    "another app's key": Sealer(aes_key="A" * 43).encrypted("<xml/>"),
}


@pytest.mark.parametrize("encrypted", WRONG.values(), ids=WRONG)
def test_what_does_not_open_as_wecom_seals_is_refused(encrypted: str) -> None:
    with pytest.raises(Unauthentic):
        opened(KEYS, encrypted)


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": "140965958"}, {"timestamp": "14096595890"}, {"timestamp": "١٤٠٩٦٥٩٥٨٩"}, {"timestamp": "1409659888 "},
        {"timestamp": "1409659890"}, {"timestamp": "1409659288"}, {"nonce": ""}, {"nonce": "n" * 33}, {"nonce": "n-1"}, {"nonce": "号"},
        {"msg_signature": "A" * 40}, {"msg_signature": "a" * 39}, {"msg_signature": "é" * 40},
    ],
    ids=str,
)  # fmt: skip
def test_a_seal_out_of_shape_or_time_is_refused(changed: dict[str, str]) -> None:
    sound = {"msg_signature": "a" * 40, "timestamp": "1409659589", "nonce": "263014780"}
    now = at("1409659589")
    assert seal(MultiDict(sound), now).nonce == "263014780"
    with pytest.raises(Unauthentic):
        seal(MultiDict({**sound, **changed}), now)
    for name, value in sound.items():
        doubled = MultiDict(sound)
        doubled.add(name, value)
        with pytest.raises(Unauthentic):
            seal(doubled, now)


def test_secrets_are_in_no_representation() -> None:
    assert SEALER.token not in repr(KEYS)
    assert SEALER.aes_key not in repr(KEYS)
