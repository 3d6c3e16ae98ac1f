"""WeCom's own library for Node and ours understand each other, in both directions. Runs where Node and its registry are."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from multidict import MultiDict

from handlers.wecom.crypto import Keys, opened, seal, signature, verify
from tests.fakes.wecom_sealing import Sealer

HERE = Path(__file__).parent / "node"
PIECES = ["<xml>", "认领 1024", "😀👩‍👩‍👧", "]]>", "&amp;", "\n", "a", "é", "　", "\u202e", "𠮷"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where @wecom/crypto is installed, of the version and checksum in the lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("NOT RUN: interoperation with @wecom/crypto needs node and npm")
    place = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, place / name)
    try:
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, capture_output=True, timeout=90, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("NOT RUN: npm could not fetch @wecom/crypto within 90 s")
    if done.returncode:
        assert b"EINTEGRITY" not in done.stderr
        pytest.skip(f"NOT RUN: npm could not fetch @wecom/crypto: {done.stderr[-200:].decode(errors='replace')}")
    return place


def test_what_wecoms_own_library_seals_opens_here_and_the_other_way_round(library: Path) -> None:
    chance = random.Random(1)
    asked = []
    for length in range(100):
        sealer = Sealer(
            f"token{length}", base64.b64encode(chance.randbytes(32)).decode()[:43], chance.choice(["", "ww1", "wx5823bf96d3bd56c7"])
        )
        text = "".join(chance.choices(PIECES, k=length)) if length % 2 else "a" * length  # every size beside a block's end
        asked.append((sealer, text, sealer.encrypted(text), str(1409659589 + length), str(chance.randrange(2**31))))
    lines = [
        json.dumps({
            "token": sealer.token, "key": sealer.aes_key, "receiver": sealer.corp_id, "text": text, "sealed": sealed, "timestamp": at,
            "nonce": nonce,
        })
        for sealer, text, sealed, at, nonce in asked
    ]  # fmt: skip
    command = ["node", str(HERE / "oracle.mjs"), str(library)]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    for (sealer, text, sealed, at, nonce), line in zip(asked, done.stdout.splitlines(), strict=True):
        theirs = json.loads(line)
        assert (theirs["text"], theirs["receiver"]) == (text, sealer.corp_id)
        assert theirs["ours"] == signature(sealer.token, at, nonce, sealed)
        keys = Keys(sealer.token, sealer.aes_key, sealer.corp_id)
        query = MultiDict(msg_signature=theirs["signature"], timestamp=at, nonce=nonce)
        verify(keys, seal(query, datetime.fromtimestamp(int(at), UTC)), theirs["sealed"])
        assert opened(keys, theirs["sealed"]) == text
