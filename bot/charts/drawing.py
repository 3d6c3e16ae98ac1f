"""Charts as one PNG: a panel each, bars or a line, Chinese in an embedded font. Takes some tens of milliseconds: run it in a thread."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from bot.card import Chart

_FONTS = (("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"), ("fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf"))
_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _BOTTOM = 1200, 460, 110, 40, 92, 64  # pixels: sharp on a phone's screen
_INK, _GREY, _LINE, _PAPER = (33, 37, 41), (108, 117, 125), (222, 226, 230), (255, 255, 255)
_BLUE, _GREEN, _RED = (44, 99, 191), (30, 130, 95), (190, 55, 60)
_TITLE, _SMALL, _STEPS = 32, 22, 4
_THAI = range(0x0E00, 0x0E80)


def png(charts: Sequence[Chart]) -> bytes:
    """The same charts give the same bytes."""
    picture = Image.new("RGB", (_WIDTH, _PANEL * len(charts)), _PAPER)
    for place, chart in enumerate(charts):
        _panel(ImageDraw.Draw(picture), chart, place * _PANEL)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _panel(draw: ImageDraw.ImageDraw, chart: Chart, top: int) -> None:
    floor, ceiling = top + _PANEL - _BOTTOM, top + _TOP
    most = max([value for value in chart.values if value is not None] + [chart.target or 0, 0])
    step = _step(most)
    highest = max(step * math.ceil(most / step), step)

    def height(value: float) -> float:
        return floor - (floor - ceiling) * value / highest

    _write(draw, (_LEFT - 70, top + 26), _fitted(chart.title, _WIDTH - _LEFT), _TITLE, _INK)
    for place in range(round(highest / step) + 1):
        y = height(place * step)
        draw.line((_LEFT, y, _WIDTH - _RIGHT, y), _LINE, 2)
        _write(draw, (_LEFT - 14, y), _number(place * step), _SMALL, _GREY, "rm")
    if chart.target is not None:
        y = height(chart.target)
        for x in range(_LEFT, _WIDTH - _RIGHT, 18):
            draw.line((x, y, x + 9, y), _RED, 3)
        _write(draw, (_WIDTH - _RIGHT, top + 30), f"--- {chart.target_label}", _SMALL, _RED, "rt")
    _values(draw, chart, height, floor)


def _values(draw: ImageDraw.ImageDraw, chart: Chart, height: Callable[[float], float], floor: int) -> None:
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(chart.labels), 1)
    every = math.ceil(max((_wide(each) for each in chart.labels), default=0) * 1.15 / slot) or 1
    points: list[tuple[float, float, str]] = []
    for place, (name, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        x = _LEFT + slot * (place + 0.5)
        if place % every == 0:
            _write(draw, (x, floor + 14), name, _SMALL, _GREY, "mt")
        if value is None:
            continue
        y = height(value)
        if chart.kind == "bar":
            draw.rounded_rectangle((x - slot * 0.32, min(y, floor - 1), x + slot * 0.32, floor), 4, _BLUE)
        points.append((x, y, _number(value)))
    if chart.kind == "line" and points:
        draw.line([(x, y) for x, y, _ in points], _GREEN, 5, joint="curve")
    for x, y, said in points:
        if chart.kind == "line":
            draw.ellipse((x - 7, y - 7, x + 7, y + 7), _GREEN)
        if _wide(said) < slot:
            _write(draw, (x, y - (14 if chart.kind == "line" else 8)), said, _SMALL, _INK, "mb")


def _step(most: float) -> float:
    """A round number, a quarter or so of the highest."""
    if most <= 0:
        return 1.0
    scale = 10 ** math.floor(math.log10(most / _STEPS))
    return next(float(scale * each) for each in (1, 2, 2.5, 5, 10) if scale * each * _STEPS >= most)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


@cache
def _font(size: int, thai: bool) -> ImageFont.FreeTypeFont:
    package, path = _FONTS[thai]
    return ImageFont.truetype(str(files(package).joinpath(path)), size)


def _chosen(text: str, size: int) -> ImageFont.FreeTypeFont:
    return _font(size, any(ord(each) in _THAI for each in text))


def _wide(text: str) -> float:
    return _chosen(text, _SMALL).getlength(text)


def _fitted(text: str, most: float) -> str:
    while _chosen(text, _TITLE).getlength(text) > most:
        text = text[:-2].rstrip() + "…"
    return text


def _write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, ink: tuple[int, int, int], anchor: str = "lt") -> None:
    """A text with Thai in it is written in the Thai font, which has Latin letters too; whatever it crosses, it can be read."""
    draw.text(at, text, ink, _chosen(text, size), anchor, stroke_width=3, stroke_fill=_PAPER)
