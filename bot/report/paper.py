"""A Report as a PDF: A4, Chinese and Thai in embedded fonts, nothing of it markup. Takes a second or so: run it in a thread."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import cast

from fpdf import FPDF
from fpdf.enums import CellBordersLayout, MethodReturnValue, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from bot.report.facts import Part, Report

_FONTS = {"sc": ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"), "thai": ("fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf")}
_INK, _GREY, _LINE, _RED, _BAND = (33, 37, 41), (108, 117, 125), (206, 212, 218), (176, 42, 55), (246, 247, 249)
_LONGEST, _MOST_LINES = 8000, 300  # characters and lines of one cell; what is cut ends with a sign
_MOST_SHAPES = 2500  # different characters; a page of prose has 300, and each costs a millisecond
_SHORT = 300  # characters; what is longer is what somebody wrote
_SURE = 80  # characters that fit on a page in the narrowest column
_HIGH = 12  # lines of a row that is cut: a page has 48, and a high row leaves the end of the one before empty
_SIZE, _PAD = 9.5, 1.2
_MISSING, _CUT = "□", "…"
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"\n[\s\n]*\n")
_MARKS = 3  # on one letter: Thai has two at most; each further one costs more than the one before
logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it leaves out


def pdf(report: Report) -> bytes:
    """The same report gives the same bytes."""
    paper = _Paper(report)
    paper.add_page()
    paper.heading()
    for part in report.parts:
        paper.part(part)
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self._report = report
        self._used = _ours(report)
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(True, 20)
        for family, (package, path) in _FONTS.items():
            self.add_font(family, fname=str(files(package).joinpath(path)))
        self.set_fallback_fonts(["thai"], exact_match=False)
        self.set_title(self._shown(report.title))
        self.set_creator("Deskbell")
        self.set_creation_date(report.made_at)
        self.alias_nb_pages()

    def heading(self) -> None:
        """Title, reference, moment, summary."""
        self.set_text_color(*_RED)
        self._write(self._report.title, 20, 10)
        self.set_text_color(*_GREY)
        self._write(self._report.reference, 10, 6)
        self._write(self._report.as_of, 10, 6)
        self.ln(3)
        self.set_text_color(*_INK)
        self._write(self._report.summary, 11, 6.5)

    def part(self, part: Part) -> None:
        """Its title stays with its first row."""
        self.ln(5)
        if self.will_page_break(28):
            self.add_page()
        self.set_text_color(*_INK)
        self._write(part.title, 13, 8)
        if not part.rows:
            self.set_text_color(*_GREY)
            self._write(part.empty, 10, 6)
            return
        self.set_font("sc", size=_SIZE)
        self.set_draw_color(*_LINE)
        head = FontFace(color=_GREY, fill_color=_BAND, emphasis="")
        with self.table(
            col_widths=part.widths, line_height=5.4, padding=_PAD, first_row_as_headings=bool(part.head), headings_style=head,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, text_align="LEFT", v_align="TOP",
        ) as table:  # fmt: skip
            for cells in ([part.head] if part.head else []) + list(part.rows):
                pieces = self._pieces(part, cells)
                for piece in pieces:
                    row = table.row()
                    border = CellBordersLayout.INHERIT if piece is pieces[-1] else CellBordersLayout.NONE
                    for place, text in enumerate(piece):
                        label = place == 0 and not part.head
                        row.cell(text, style=FontFace(color=_GREY if label else _INK, emphasis=""), border=border)

    def _pieces(self, part: Part, cells: tuple[str, ...]) -> list[tuple[str, ...]]:
        """A row as one, or as several where it might not fit on a page: no table breaks within a row."""
        columns = [self._column(text, self.epw * width / sum(part.widths)) for text, width in zip(cells, part.widths, strict=True)]
        return list(zip_longest(*columns, fillvalue=""))

    def _column(self, text: str, width: float) -> list[str]:
        shown = self._shown(text[:_LONGEST]) + (_CUT if len(text) > _LONGEST else "")
        if len(shown) <= _SURE and "\n" not in shown:
            return [shown]
        room = width - 2 * (_PAD + self.c_margin)
        lines = cast("list[str]", self.multi_cell(room, 5.4, shown, dry_run=True, output=MethodReturnValue.LINES))
        if len(lines) <= _HIGH:
            return [shown]
        if len(lines) > _MOST_LINES:
            lines = [*lines[:_MOST_LINES], _CUT]
        return ["\n".join(lines[place : place + _HIGH]) for place in range(0, len(lines), _HIGH)]

    def footer(self) -> None:
        """On every page: which report, which page."""
        self.set_y(-14)
        self.set_font("sc", size=8)
        self.set_text_color(*_GREY)
        said = self._report.page.format(page=self.page_no(), pages=self.str_alias_nb_pages)
        self.cell(0, 6, f"{self._shown(self._report.reference)} · {said}", align="C")

    def _shown(self, text: str) -> str:
        """What no font here has is a box, as is what would make a font of this report too large."""
        return "".join(char if char == "\n" or self._drawn(char) else _MISSING for char in _shape(text))

    def _drawn(self, char: str) -> bool:
        if char not in self._used and len(self._used) < _MOST_SHAPES and ord(char) in _glyphs():
            self._used.add(char)
        return char in self._used

    def _write(self, text: str, size: float, height: float) -> None:
        self.set_font("sc", size=size)
        self.multi_cell(0, height, self._shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _ours(report: Report) -> set[str]:
    """The characters of all that is short, which no long text may use up."""
    cells = (cell for part in report.parts for row in (part.head, *part.rows) for cell in row if len(cell) <= _SHORT)
    said = (
        report.title,
        report.reference,
        report.as_of,
        report.page,
        report.summary[:_SHORT],
        *(part.title + part.empty for part in report.parts),
    )
    return {char for text in (*said, *cells) for char in text if ord(char) in _glyphs()}


def _shape(text: str) -> Iterator[str]:
    """Its characters, without those that have no shape, more marks on a letter than any language has, and blank lines after the first."""
    marks = 0
    for char in _BLANKS.sub("\n\n", _ENDS.sub("\n", unicodedata.normalize("NFC", text))):
        kind = unicodedata.category(char)[0]
        marks = marks + 1 if kind == "M" else 0
        if char == "\n" or (kind != "C" and marks <= _MARKS):
            yield char


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # only who makes a report needs it

    found: set[int] = set()
    for package, path in _FONTS.values():
        with TTFont(str(files(package).joinpath(path)), lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
