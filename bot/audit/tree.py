"""RFC 6962's Merkle tree: roots, proofs that an entry is in it, proofs that it has only grown; and the checks of both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TILE = 8  # nodes of every eighth level are kept, so that a proof reads a few hundred hashes, however large the log
EMPTY = hashlib.sha256().digest()
Nodes = Callable[[int, int, int], Sequence[bytes]]  # (level, first, how many): the nodes of a kept level, whole ones only


def leaf_hash(commitment: bytes) -> bytes:
    """Of one leaf."""
    return hashlib.sha256(b"\x00" + commitment).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree of `size` leaves. `frontier`: its whole subtrees, the largest first. `nodes`: (level, place, hash) that became whole."""

    size: int = 0
    frontier: tuple[bytes, ...] = ()
    nodes: tuple[tuple[int, int, bytes], ...] = ()


def grown(before: Grown, leaves: Iterable[bytes]) -> Grown:
    """With these leaves' hashes behind."""
    size, frontier = before.size, list(before.frontier)
    whole: list[tuple[int, int, bytes]] = []
    for leaf in leaves:
        frontier.append(leaf)
        size += 1
        level = 0
        while not size >> level & 1:
            right = frontier.pop()
            frontier[-1] = node_hash(frontier[-1], right)
            level += 1
            if level % TILE == 0:
                whole.append((level, (size >> level) - 1, frontier[-1]))
    return Grown(size, tuple(frontier), tuple(whole))


def root(tree: Grown) -> bytes:
    """The hash of all of it."""
    if not tree.frontier:
        return EMPTY
    found = tree.frontier[-1]
    for left in reversed(tree.frontier[:-1]):
        found = node_hash(left, found)
    return found


def range_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """Of the leaves from `start` up to `end`, which RFC 6962 makes one subtree."""
    size = end - start
    if size <= 0:
        return EMPTY
    if size & (size - 1) == 0 and start % size == 0:
        level = size.bit_length() - 1
        kept = level - level % TILE
        row = list(nodes(kept, start >> kept, size >> kept))
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]
    middle = start + _split(size)
    return node_hash(range_hash(nodes, start, middle), range_hash(nodes, middle, end))


def inclusion(nodes: Nodes, leaf: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree of that size, from the leaf up."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if leaf < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """That the tree of `old` leaves is the beginning of the one of `size`."""
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while end - start > 0 and end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start, whole = middle, False
    return [*([] if whole else [range_hash(nodes, start, end)]), *path[::-1]]


def included(leaf: bytes, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= place < size:
        return False
    at, last, found = place, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """RFC 9162, 2.1.4.2."""
    if old == size:
        return not path and old_root == root
    if old == 0:
        return not path and old_root == EMPTY
    if old > size or not path:
        return False
    parts = [old_root, *path] if old & (old - 1) == 0 else list(path)
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = parts[0]
    for each in parts[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _split(size: int) -> int:
    """The largest power of two below it."""
    return 1 << ((size - 1).bit_length() - 1)
