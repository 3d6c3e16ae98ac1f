"""Documents and pictures in WeCom: uploaded as what they are, sent by their media id; what is too large is left to its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot.desk import Desk
from bot.messages import Paper
from handlers.wecom.papers import Papers
from handlers.wecom.sending import Sender
from tests.wecom.conftest import Place

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"


@dataclass
class Maker:
    """A desk that makes this paper, whatever is asked for."""

    content: bytes

    async def paper(self, query: Any) -> bytes:
        assert (query.key, query.ticket) == ("k", "T-1001")
        return self.content


async def sent(place: Place, content: bytes) -> bool:
    papers = Papers(Sender(place.client, place.cache))
    papers.bind(cast(Desk, Maker(content)))
    return await papers.send(place.app, "mei", Paper("T-1001", "k"))


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (b"%PDF-1.7 content", "file", "T-1001.pdf"),
        (PNG + b"chart", "image", "T-1001.png"),
        (JPEG + b"chart", "image", "T-1001.jpg"),
    ],
)
async def test_a_paper_goes_out_as_what_it_is(place: Place, content: bytes, kind: str, name: str) -> None:
    assert await sent(place, content)
    [message] = place.wecom.chat("mei")
    assert message.kind == kind
    assert place.wecom.media[message.body["media_id"]] == (name, content)


@pytest.mark.parametrize("content", [PNG + b"x" * 10 * 1024 * 1024, b"%PDF-1.7" + b"x" * 20 * 1024 * 1024])
async def test_what_wecom_would_not_take_is_not_sent(place: Place, content: bytes) -> None:
    assert not await sent(place, content)
    assert place.wecom.media == {}
