"""Charts as pictures: what is drawn where, in both languages; both pictures in docs/img are of these charts."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.card import Chart
from bot.charts.drawing import png

DAYS = ("11-20", "11-21", "11-22", "11-23")


def bars(*values: float | None, title: str = "收到的工单") -> Chart:
    return Chart(title, "bar", "工单", DAYS[: len(values)], values)


def drawn(*charts: Chart) -> Image.Image:
    return Image.open(io.BytesIO(png(charts))).convert("RGB")


def inked(picture: Image.Image, ink: tuple[int, int, int]) -> int:
    return sum(count for count, found in picture.getcolors(1 << 24) or [] if found == ink)


def test_a_bar_is_as_high_as_its_value() -> None:
    blue = (44, 99, 191)
    one, two = inked(drawn(bars(2, 2, 4)), blue), inked(drawn(bars(4, 4, 4)), blue)
    assert 1.45 < two / one < 1.55
    assert inked(drawn(bars(None, None)), blue) == 0


def test_two_charts_are_one_picture_and_the_target_is_drawn_across() -> None:
    line = Chart("First reply", "line", "hours", DAYS, (1.0, None, 2.0, 1.5), 1.8, "target 1.8 h")
    picture = drawn(bars(1, 2, 3, 4), line)
    assert picture.size == (1200, 920)
    assert inked(picture, (190, 55, 60)) > 500
    assert png([line]) == png([line])


@pytest.mark.parametrize("title", ["退款延迟", "ร้านค้า", "Refunds"])
def test_titles_have_letters_and_no_boxes(title: str) -> None:
    assert drawn(bars(1, title=title)).tobytes() != drawn(bars(1, title="\ue000" * len(title))).tobytes()


def test_nothing_is_too_much_or_too_little_to_draw() -> None:
    assert drawn(bars(0, 0, 0, 0)).size == (1200, 460)
    assert drawn(Chart("First reply", "line", "hours", DAYS, (None,) * 4, 1.8, "target 1.8 h")).size == (1200, 460)
    assert drawn(bars(1e9, 0.001, title="很长的标题" * 60)).size == (1200, 460)
