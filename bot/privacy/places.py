"""Addresses: behind a word that announces one, or in the shape that the post of a country asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.spans import Span

_HAN = "\u3400-\u9fff"
_UNIT = re.compile(
    rf"[{_HAN}]{{1,10}}?(?:特别行政区|自治区|自治州|开发区|小区|花园|广场|大厦|公寓|大道|胡同|省|市|区|县|縣|區|镇|鎮|乡|鄉|"
    rf"村|街|路|巷|弄|里)|"
    rf"[A-Za-z]?[0-9]{{1,5}}(?:-[0-9]{{1,5}})?\s?(?:号楼|號樓|单元|單元|号|號|弄|巷|栋|棟|幢|室|楼|樓|座|层|房|"
    rf"期)(?![码碼前]?[0-9]*[月日])(?:[A-Za-z]?[0-9]{{2,5}}(?![0-9]))?|[东西南北中](?:街|路)"
)
_BEFORE = re.compile("是|在|到|址|寄|住|给|往|为|去|成|从|请|送|发|把|：|:")
_NUMBERED = re.compile(r"\d")
_LABEL_ZH = re.compile(
    r"(?:收货地址|收貨地址|收件地址|送货地址|寄送地址|家庭住址|详细地址|新地址|地址|住址)(?:改成|改为|改為|换成|填的是|是|为|"
    r"為)?\s?[:：]?\s?([^，。；！？,;!?\n*]{6,80})"
)
_LABEL = re.compile(
    r"(?i:\b(?:(?:shipping |delivery |home |billing |mailing |my |new )?address(?: is| to|:)?|ship(?:ped)? (?:it )?to|"
    r"deliver(?:ed)? (?:it )?to|send (?:it |this )?to|"
    r"(?:i )?live at|alamat(?: (?:saya|penghantaran|pengiriman|rumah|penerima|baru|lengkap))?(?: (?:ialah|adalah))?|"
    r"hantar ke|kirim ke|tinggal di))\s?[:：-]?\s([^\n;!?*]{8,140})"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Crescent|Close|Walk|Highway|"
    r"Hwy|Square|View|Link|Grove)"
)
_MORE = r"(?:,? (?:#?\d{1,6}(?:-\d{1,5})?[A-Z]?|[A-Z][A-Za-z'.]+|RT|RW|[A-Z]{2})){0,14}"
_NO = r"\b(?:(?i:no|lot|unit)\.? ?\d{1,5}[A-Z]?(?:-\d{1,4})?,? )?"
_ROAD = r"(?:Jalan|Jln|Jl|Lorong|Lrg|Persiaran|Lebuh|Taman|Kampung|Gang|Gg)\b\.? [A-Z0-9][A-Za-z0-9/]*(?: Kav\.)?"
_SHAPES = (
    re.compile(rf"(?<![\w*#-])\d{{1,6}}[A-Z]?,? (?:[A-Z][A-Za-z']+ ){{1,4}}{_STREET}\b\.?{_MORE}"),
    re.compile(rf"\b(?i:blk|block) \d{{1,4}}[A-Z]?,? [A-Z][A-Za-z]+{_MORE}"),
    re.compile(_NO + _ROAD + _MORE),
)
_THAI = "\u0e00-\u0e7f"
_UNITS_TH = "หมู่ที่|หมู่บ้าน|หมู่|ม\\.|ซอย|ซ\\.|ถนน|ถ\\.|แขวง|ตำบล|ต\\.|เขต|อำเภอ|อ\\.|จังหวัด|จ\\.|กรุงเทพ"
_SHAPE_TH = re.compile(rf"\d{{1,5}}(?:/\d{{1,5}})?\s?(?:{_UNITS_TH})[{_THAI}0-9./ ]{{3,140}}")
_LABEL_TH = re.compile(
    rf"(?:ที่อยู่(?:จัดส่ง|ใหม่|ของผม|ของฉัน)?|บ้านเลขที่|จัดส่งที่|ส่งไปที่|"
    rf"ส่งที่)(?:คือ)?\s?[:：]?\s?([{_THAI}0-9./, -]{{8,140}})"
)
_STOP = re.compile(
    r"(?<!\b[Nn]o)(?<!\bJl)(?<!\bJln)(?<!\bSt)(?<!\bRd)(?<!\bAve)(?<!\bApt)(?<!\bBlk)(?<!\bGg)\.\s|"
    r"[,.]?\s(?i:(?:my )?(?:phone|tel|mobile|email|e-mail|contact|call|please|tolong|sila|mohon|because|instead|but|"
    r"and (?:my|the|i)|by|before|when|dan|kerana|karena|"
    r"sebelum|bukan|thanks|terima|telefon|telepon|no\. tel|hp|whatsapp|ครับ|ค่ะ|เบอร์|โทร)\b)|\s?(?:电话|手机|เบอร์|โทร|ครับ|"
    r"ค่ะ|นะ|ก่อน|แต่)"
)


def places(text: str, *, latin: bool, han: bool, thai: bool) -> Iterator[Span]:
    """What letters the text has says which rules are tried."""
    if not _NUMBERED.search(text):
        return
    if han:
        yield from _chinese(text)
    patterns = ((_LABEL, *_SHAPES) if latin else ()) + ((_LABEL_TH, _SHAPE_TH) if thai else ())
    for pattern in patterns:
        for found in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            said = found[group]
            stop = _STOP.search(said)
            said = (said[: stop.start()] if stop else said).rstrip(" ,.")
            if len(said) >= 8 and _NUMBERED.search(said) and _is_place(said, thai=thai, announced=bool(group)):
                yield Span(found.start(group), found.start(group) + len(said), "address")


def _is_place(said: str, *, thai: bool, announced: bool) -> bool:
    if not announced:
        return True
    if "@" in said[:20] or re.match(r"\d{1,3}\.\d", said):
        return False
    if thai and re.search(_UNITS_TH, said):
        return True
    return len(re.findall(r"\b[A-Z][A-Za-z]+|#\d", said)) >= 2 or re.search(rf"(?i:\b{_STREET}\b|\bjalan\b|\bjl\b)", said) is not None


def _chinese(text: str) -> Iterator[Span]:
    for found in _LABEL_ZH.finditer(text):
        said = found[1]
        stop = _STOP.search(said)
        said = (said[: stop.start()] if stop else said).rstrip()
        if _NUMBERED.search(said) and len(_UNIT.findall(said)) >= 2:
            yield Span(found.start(1), found.start(1) + len(said), "address")
    start, end, many, numbered = -1, -1, 0, False
    for found in _UNIT.finditer(text):
        if start >= 0 and text[end : found.start()].strip(" ") != "":
            yield from _chain(text, start, end, many, numbered=numbered)
            start = -1
        if start < 0:
            start, many, numbered = found.start() + _lead(found[0]), 0, False
        end, many = found.end(), many + 1
        numbered = numbered or found[0][:2].strip("ABCDEFGHabcdefgh")[:1].isdigit()
    if start >= 0:
        yield from _chain(text, start, end, many, numbered=numbered)


def _lead(said: str) -> int:
    """`我住在上海市` begins at 上."""
    ends = [each.end() for each in _BEFORE.finditer(said[:-2])]
    return ends[-1] if ends else 0


def _chain(text: str, start: int, end: int, many: int, *, numbered: bool) -> Iterator[Span]:
    plain = text[start : start + 1]
    if many >= 2 and numbered and not plain.isdigit():
        yield Span(start, end, "address")
