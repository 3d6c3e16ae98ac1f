"""The tree proves what is in it and that it has only grown, and proves nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit import Grown, Noted, canonical, commitment, grown, leaf_hash, root
from bot.audit.note import BadNote, head, opened, signed, verifier
from bot.audit.tree import EMPTY, consistency, consistent, included, inclusion, node_hash

LEAVES = [leaf_hash(f"entry {at}".encode()) for at in range(1200)]


def by_the_book(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(by_the_book(leaves[:half]), by_the_book(leaves[half:]))


def kept(size: int) -> dict[tuple[int, int], bytes]:
    return {(level, place): found for level, place, found in grown(Grown(), LEAVES[:size]).nodes}


WHOLE = kept(len(LEAVES))


def nodes(level: int, first: int, count: int) -> Sequence[bytes]:
    return LEAVES[first : first + count] if level == 0 else [WHOLE[level, place] for place in range(first, first + count)]


def test_hashes_are_those_of_certificate_transparency() -> None:
    assert root(Grown()).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    data = [
        bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    ]
    roots = [root(grown(Grown(), map(leaf_hash, data[:size]))).hex() for size in (2, 5, 8)]
    assert roots == [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


@settings(max_examples=150)
@given(st.integers(1, len(LEAVES)), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_leaf_is_proved_at_its_place_and_nowhere_else(size: int, place: int, other: int) -> None:
    place, other = place % size, other % len(LEAVES)
    tree = grown(Grown(), LEAVES[:size])
    path = inclusion(nodes, place, size)
    assert root(tree) == by_the_book(LEAVES[:size])
    assert included(LEAVES[place], place, size, path, root(tree))
    assert included(LEAVES[other], place, size, path, root(tree)) == (other == place)
    assert other == place or not included(LEAVES[place], other, size, path, root(tree))
    assert not included(LEAVES[place], place, size, [*path, EMPTY], root(tree))


@settings(max_examples=150)
@given(st.integers(1, len(LEAVES)), st.integers(1, len(LEAVES)), st.binary(min_size=32, max_size=32))
def test_a_tree_is_proved_to_be_anothers_beginning_and_nothing_else_is(old: int, size: int, wrong: bytes) -> None:
    old, size = min(old, size), max(old, size)
    first, last = (by_the_book(LEAVES[:each]) for each in (old, size))
    path = consistency(nodes, old, size)
    assert consistent(old, size, path, first, last)
    assert not consistent(old, size, path, wrong, last)
    assert not consistent(old, size, path, first, wrong)
    for at in range(len(path)):
        assert not consistent(old, size, [*path[:at], wrong, *path[at + 1 :]], first, last)


def test_growing_leaf_by_leaf_or_at_once_is_the_same() -> None:
    slowly = Grown()
    for leaf in LEAVES:
        slowly = grown(slowly, [leaf])
    at_once = grown(Grown(), LEAVES)
    assert (slowly.size, slowly.frontier) == (at_once.size, at_once.frontier)


def test_an_entry_is_one_line_of_sorted_json_and_its_commitment_tells_nothing_without_its_salt() -> None:
    entry = Noted("m1", datetime(2026, 11, 24, 3, tzinfo=UTC), "mei", "claimed", 7, "slack", detail={"为什么": "行\n2"})
    text = canonical(entry)
    assert text == (
        '{"action":"claimed","actor":"mei","at":"2026-11-24T03:00:00.000000Z","code":"","detail":{"为什么":"行\\n2"},"merchant":"m1",'
        '"object":"","outcome":"done","ticket":7,"v":1,"via":"slack"}'
    )
    assert commitment(b"s" * 16, text) == hashlib.sha256(b"\x02" + b"s" * 16 + text.encode()).digest()
    assert commitment(b"t" * 16, text) != commitment(b"s" * 16, text)


PUBLIC = bytes(range(32))


def test_a_signed_head_is_read_again_and_an_altered_one_is_not() -> None:
    text = head(7, LEAVES[0], datetime(2026, 11, 24, 3, tzinfo=UTC))
    note = signed(text, PUBLIC.hex(), lambda message: hashlib.sha512(message).digest())
    check = lambda public, message, signature: public == PUBLIC and signature == hashlib.sha512(message).digest()  # noqa: E731
    found = opened(note, PUBLIC, check)
    assert (found.size, found.root, found.at) == (7, LEAVES[0], "2026-11-24T03:00:00Z")
    assert verifier(PUBLIC).startswith("deskbell/audit+")
    for wrong in (note.replace("\n7\n", "\n8\n"), note.replace("\u2014", "-"), note[:-5], text, "", note.replace("time", "tame")):
        with pytest.raises(BadNote):
            opened(wrong, PUBLIC, check)
    with pytest.raises(BadNote):
        opened(note, bytes(32), check)
