"""What Slack has not signed just now is answered 401 and nothing else, and no one learns of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.slack.conftest import Place

Headers = list[tuple[str, str]]
BODY = b"team_id=T1&user_id=U1&command=%2Fticket&text=list&trigger_id=1"
FORM = "application/x-www-form-urlencoded"


def _stamp(place: Place, seconds: float = 0) -> str:
    return str(int((place.clock.now() + timedelta(seconds=seconds)).timestamp()))


HOSTILE: dict[str, Callable[[Place], Headers]] = {
    "no headers": lambda place: [],
    "no signature": lambda place: place.slack.signed(BODY, _stamp(place))[:1],
    "no timestamp": lambda place: place.slack.signed(BODY, _stamp(place))[1:],
    "signed 301 s ago": lambda place: place.slack.signed(BODY, _stamp(place, -301)),
    "signed 301 s ahead": lambda place: place.slack.signed(BODY, _stamp(place, 301)),
    "a wrong signature": lambda place: place.slack.signed(BODY, _stamp(place), "v0=" + "0" * 64),
    "another body's signature": lambda place: place.slack.signed(b"other", _stamp(place)),
    "a signature in capitals": lambda place: place.slack.signed(BODY, _stamp(place), "v0=" + "A" * 64),
    "a signature that is not ASCII": lambda place: place.slack.signed(BODY, _stamp(place), "v0=" + "é" * 64),
    "wide digits in the signature": lambda place: place.slack.signed(BODY, _stamp(place), "v0=" + "１" * 64),
    "a short signature": lambda place: place.slack.signed(BODY, _stamp(place), "v0=abc"),
    "an empty signature": lambda place: place.slack.signed(BODY, _stamp(place), ""),
    "a timestamp in words": lambda place: place.slack.signed(BODY, "now"),
    "a timestamp with a sign": lambda place: place.slack.signed(BODY, "+" + _stamp(place)),
    "a timestamp with a fraction": lambda place: place.slack.signed(BODY, _stamp(place) + ".5"),
    "a timestamp of eleven digits": lambda place: place.slack.signed(BODY, "1" + _stamp(place)),
    "a timestamp in Arabic digits": lambda place: [
        ("X-Slack-Request-Timestamp", "١٢٣٤٥٦٧٨٩٠"), ("X-Slack-Signature", "v0=" + "0" * 64),
    ],
    "both headers twice": lambda place: place.slack.signed(BODY, _stamp(place)) * 2,
    "a second signature": lambda place: [*place.slack.signed(BODY, _stamp(place)), ("X-Slack-Signature", "v0=" + "0" * 64)],
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_headers_are_answered_with_401_and_nothing_else(place: Place, name: str) -> None:
    status, said = await place.slack.post(BODY, FORM, headers=HOSTILE[name](place))
    assert (status, json.loads(said)) == (401, {"error": "invalid request"})
    assert not place.desk.commands
    assert not place.desk.stored


@pytest.mark.parametrize("body", [b"text=\xff\xfe", b"\x80" * 100, b"x" * (1024 * 1024 + 1)], ids=["bytes", "more bytes", "over 1 MiB"])
async def test_a_signed_body_that_is_not_text_or_too_long_is_answered_with_401(place: Place, body: bytes) -> None:
    status, said = await place.slack.post(body, FORM)
    assert (status, json.loads(said)) == (401, {"error": "invalid request"})


@pytest.mark.parametrize("seconds", [-299, 0, 299])
async def test_a_request_within_five_minutes_of_the_desks_own_clock_is_taken(place: Place, seconds: int) -> None:
    status, _ = await place.slack.post(BODY, FORM, stamp=_stamp(place, seconds))
    assert status == 200


async def test_a_refused_request_leaves_nothing_of_its_body_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await place.slack.post(b"text=my-secret-words", FORM, signature="v0=" + "0" * 64)
    assert "my-secret-words" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b"payload=%7B", b"payload=[]", b"payload=5", b"payload", b"=", b"", b"{}", b'{"type":5}',
        b'{"event":"x","type":"event_callback"}',
        b'{"type":"event_callback","event":{"type":"message"}}', b'{"type":"event_callback","event":{"type":["message"]}}',
        b'{"type":"event_callback","authorizations":5,"event":{"type":"message"}}', b'{"type":"block_actions","actions":5}',
        b'payload={"type":"block_actions","actions":[{"action_id":"say:0:0","value":7}],"user":5}', b"command=/ticket", b"command=5&text=x",
        b"[" * 100_000,
    ],
)  # fmt: skip
async def test_signed_nonsense_does_nothing_and_breaks_nothing(place: Place, body: bytes) -> None:
    for kind in (FORM, "application/json"):
        status, _ = await place.slack.post(body, kind)
        assert status in (200, 400, 500)
    assert not place.desk.commands
    assert not place.desk.stored
    assert "did: list" in await place.slack.command("list")


async def test_headers_that_steer_bolt_are_not_passed_on(place: Place) -> None:
    signed = place.slack.signed(BODY, _stamp(place))
    status, said = await place.slack.post(
        BODY, FORM, headers=[*signed, ("X-Slack-Bolt-Lazy-Only", "1"), ("X-Slack-Bolt-Lazy-Function-Name", "x")]
    )
    assert status == 200
    assert "did: list" in said


async def test_slack_gets_its_challenge_back(place: Place) -> None:
    status, said = await place.slack.post(
        json.dumps({"type": "url_verification", "challenge": "c-123", "token": "x"}).encode(), "application/json"
    )
    assert (status, json.loads(said)) == (200, {"challenge": "c-123"})
