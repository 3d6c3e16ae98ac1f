"""A model's file: what each gram says for each label, in a few bytes, and how it is read and written."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Mapping, Sequence
from typing import NamedTuple

MAGIC = b"deskbell-classifier-1\n"
MIDDLE = 128  # of a byte: zero
LANE = 3  # bytes for the sum of a label: 65,793 grams fit, and no message that is looked at has a quarter of them


class Packed(NamedTuple):
    """`table`: a gram's weights for all labels in one number, a lane a label, so that adding two numbers adds all of them."""

    labels: tuple[str, ...]
    table: Mapping[str, int]
    bias: tuple[float, ...]
    scale: float  # of a weight's unit
    sharpness: float  # what the scores' differences are multiplied with before they are chances
    floors: tuple[float, ...]  # how sure a label has to be
    sha256: str


def read(body: bytes) -> Packed:
    """Raises ValueError for what is no such file."""
    if not body.startswith(MAGIC):
        raise ValueError("not a classifier's model")
    try:
        head, _, rest = lzma.decompress(body[len(MAGIC) :]).partition(b"\n")
        about = json.loads(head)
        grams = rest[: about["grams_bytes"]].decode().split("\n")
    except (lzma.LZMAError, UnicodeDecodeError, KeyError, json.JSONDecodeError) as broken:
        raise ValueError(f"a classifier's model that is broken: {broken}") from None
    many = len(about["labels"])
    weights = rest[about["grams_bytes"] :]
    if len(weights) != many * len(grams):
        raise ValueError("a classifier's model that is cut off")
    lanes = bytearray(len(weights) * LANE)
    lanes[::LANE] = weights
    wide, view = many * LANE, bytes(lanes)
    table = {gram: int.from_bytes(view[at * wide : at * wide + wide], "little") for at, gram in enumerate(grams)}
    return Packed(
        tuple(about["labels"]), table, tuple(about["bias"]), about["scale"], about["sharpness"], tuple(about["floors"]),
        hashlib.sha256(body).hexdigest(),
    )  # fmt: skip


def written(
    labels: Sequence[str],
    grams: Sequence[str],
    weights: bytes,
    bias: Sequence[float],
    scale: float,
    sharpness: float,
    floors: Sequence[float],
) -> bytes:  # fmt: skip
    """`weights`: a byte per gram and label, gram by gram, `MIDDLE` for nothing. The same model gives the same bytes."""
    listed = "\n".join(grams).encode()
    about = {
        "labels": list(labels), "bias": [round(each, 5) for each in bias], "scale": round(scale, 7), "sharpness": round(sharpness, 4),
        "floors": [round(each, 4) for each in floors], "grams_bytes": len(listed),
    }  # fmt: skip
    body = json.dumps(about).encode() + b"\n" + listed + weights
    return MAGIC + lzma.compress(body, format=lzma.FORMAT_XZ, preset=6)
