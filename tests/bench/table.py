"""A figure beside the floor of the same run, and the goal it is held to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor` is what was measured of something bare in the same run. `ok` None: only to be known."""

    name: str
    value: str
    floor: str = ""
    ratio: float | None = None
    goal: str = ""
    ok: bool | None = None

    @property
    def verdict(self) -> str:
        """ok, MISS, or nothing."""
        return "" if self.ok is None else "ok" if self.ok else "MISS"


HEAD = ("what", "measured", "floor", "ratio", "goal", "")


def table(figures: list[Figure]) -> str:
    """As text."""
    rows = [HEAD, *(_cells(each) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def at_least(name: str, value: float, floor: float, share: float, unit: str) -> Figure:
    """Held to a share of its floor."""
    ratio = value / floor
    return Figure(name, f"{value:,.0f}{unit}", f"{floor:,.0f}{unit}", ratio, f"≥ {share:g} ×", ratio >= share)


def at_most(name: str, value: float, most: float, unit: str, *, floor: str = "", digits: int = 2) -> Figure:
    """Held to a number."""
    return Figure(name, f"{value:.{digits}f}{unit}", floor, None, f"≤ {most:g}{unit}", value <= most)


def middle(values: list[float], share: float = 0.5) -> float:
    """The value that this share of them keeps within."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, figure.value, figure.floor, ratio, figure.goal, figure.verdict
