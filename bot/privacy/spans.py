"""A stretch of a text that tells of a person, and how stretches that overlap become ones that do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TYPES = ("card", "id_number", "bank_account", "passport", "email", "phone", "ip", "address", "name")  # the surer first


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` count characters; `end` is the first that does not belong to it."""

    start: int
    end: int
    type: str


def apart(found: Iterable[Span]) -> tuple[Span, ...]:
    """In the text's order, none over another: the surer type wins, of two alike the longer; an address swallows what is in it."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (TYPES.index(each.type), each.start - each.end, each.start)):
        inside = [each for each in kept if each.start < span.end and span.start < each.end]
        if not inside:
            kept.append(span)
        elif span.type == "address" and all(span.start <= each.start and each.end <= span.end for each in inside):
            kept = [each for each in kept if each not in inside]
            kept += _around(span, inside)
    return tuple(sorted(kept, key=lambda each: each.start))


def _around(span: Span, inside: list[Span]) -> list[Span]:
    """What is surer keeps its place inside of an address: `…8号 13812345678` is an address and a phone."""
    pieces, start = list(inside), span.start
    for each in sorted(inside, key=lambda one: one.start):
        pieces.append(Span(start, each.start, span.type))
        start = each.end
    pieces.append(Span(start, span.end, span.type))
    return [each for each in pieces if each.end > each.start]
