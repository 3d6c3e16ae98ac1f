"""A Report as a PDF: A4, Chinese and Thai in embedded fonts, nothing of it markup. Takes a second or so: run it in a thread."""

from __future__ import annotations

import logging
import unicodedata
from functools import cache
from importlib.resources import files

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from bot.report.facts import Part, Report

_FONTS = {"sc": ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"), "thai": ("fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf")}
_INK, _GREY, _LINE, _RED, _BAND = (33, 37, 41), (108, 117, 125), (206, 212, 218), (176, 42, 55), (246, 247, 249)
_LONGEST = 4000  # characters in one cell: a row must fit on a page
_MISSING = "□"
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
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(True, 20)
        for family, (package, path) in _FONTS.items():
            self.add_font(family, fname=str(files(package).joinpath(path)))
        self.set_fallback_fonts(["thai"], exact_match=False)
        self.set_title(_shown(report.title))
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
        self.set_font("sc", size=9.5)
        self.set_draw_color(*_LINE)
        head = FontFace(color=_GREY, fill_color=_BAND, emphasis="")
        with self.table(
            col_widths=part.widths, line_height=5.4, padding=1.2, first_row_as_headings=bool(part.head), headings_style=head,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, text_align="LEFT",
        ) as table:  # fmt: skip
            for cells in ([part.head] if part.head else []) + list(part.rows):
                row = table.row()
                for place, text in enumerate(cells):
                    label = place == 0 and not part.head
                    row.cell(_shown(text[:_LONGEST]), style=FontFace(color=_GREY if label else _INK, emphasis=""))

    def footer(self) -> None:
        """On every page: which report, which page."""
        self.set_y(-14)
        self.set_font("sc", size=8)
        self.set_text_color(*_GREY)
        said = self._report.page.format(page=self.page_no(), pages=self.str_alias_nb_pages)
        self.cell(0, 6, f"{_shown(self._report.reference)} · {said}", align="C")

    def _write(self, text: str, size: float, height: float) -> None:
        self.set_font("sc", size=size)
        self.multi_cell(0, height, _shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _shown(text: str) -> str:
    """What no font here has is shown as a box, and what has no shape at all is left out."""
    known = _glyphs()
    kept = (char for char in unicodedata.normalize("NFC", text) if char == "\n" or unicodedata.category(char)[0] != "C")
    return "".join(char if char == "\n" or ord(char) in known else _MISSING for char in kept)


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # only who makes a report needs it

    found: set[int] = set()
    for package, path in _FONTS.values():
        with TTFont(str(files(package).joinpath(path)), lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
