"""The kinds of field that bodies and queries are made of, each with its limits; the base models."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.settings import duration, is_zone

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+\- ]\d\d:\d\d)", re.ASCII)


class Model(BaseModel):
    """A body: no unknown field, and no type made into another."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """A query string: no unknown parameter; its texts are read as numbers where numbers are asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """An answer, for the OpenAPI document. More members may come."""

    model_config = ConfigDict(extra="allow")


def _line(value: str) -> str:
    if _CONTROLS.search(value) or _BREAKS.search(value):
        raise ValueError("must not hold control characters or line breaks")
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _text(value: str) -> str:
    if _CONTROLS.search(value):
        raise ValueError("must not hold control characters")
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _day(value: object) -> object:
    """A date alone would take numbers too, as seconds."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("must be a day such as 2026-11-23")
    return value


def _zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError("must be an IANA time zone such as Asia/Shanghai")
    return value


def _ip(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError("must be an IPv4 or IPv6 address") from None


def moment(value: str) -> datetime:
    """An RFC 3339 time, in UTC. A blank is read as the `+` that it was before a query string was decoded."""
    found = _MOMENT.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        day, time, fraction, offset = found.groups()
        zone = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
        return datetime.fromisoformat(f"{day}T{time}.{(fraction or '0')[:6]:0<6}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be an RFC 3339 time with an offset, such as 2026-11-23T08:00:00Z") from None


def _moment_text(value: str) -> str:
    return moment(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _url(value: str) -> str:
    try:
        parts = urlsplit(_line(value))
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        sound = False
    if not sound or " " in value:
        raise ValueError("must be an http(s) URL with a host and no credentials")
    return value


def _span(value: str) -> str:
    if not value.isascii() or duration(value).total_seconds() <= 0:
        raise ValueError("must be a duration such as 30m, 2h or PT2H")
    return value


LINE = AfterValidator(_line)  # one line, not blank
TEXT = AfterValidator(_text)  # several lines, not blank
ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
_EMAIL = r"^[^@\s\x00-\x1f\x7f,;<>\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$"
_PHONE = r"^\+?[0-9][0-9 ()./-]{3,30}$"
_AMOUNT = r"^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?$"
_LANGUAGE = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$"

Id = Annotated[str, Field(pattern=ID, max_length=64, examples=["lights.sg"])]
Email = Annotated[str, Field(pattern=_EMAIL, max_length=254, examples=["mei@example.com"])]
Phone = Annotated[str, Field(pattern=_PHONE, max_length=32, examples=["+65 6123 4567"])]
# As it is shown; given back it keeps the number that is stored.
PhoneOrMask = Annotated[str, Field(pattern=rf"{_PHONE}|^\*{{4}}(?:[0-9]{{4}})?$", max_length=32, examples=["+65 6123 4567"])]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["CN"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["SGD"])]
Amount = Annotated[str, Field(pattern=_AMOUNT, max_length=20, examples=["12.34"])]
LanguageTag = Annotated[str, Field(pattern=_LANGUAGE, max_length=35, examples=["zh-CN"])]
OrderNo = Annotated[str, Field(min_length=1, max_length=64, examples=["SP-1001"]), LINE]
Name = Annotated[str, Field(min_length=1, max_length=200), LINE]
Reference = Annotated[str, Field(min_length=1, max_length=128), LINE]  # an id that another system gave
Secret = Annotated[str, Field(min_length=1, max_length=500), LINE]
Reason = Annotated[str, Field(min_length=1, max_length=2_000), TEXT]
Words = Annotated[str, Field(min_length=1, max_length=20_000), TEXT]
Zone = Annotated[str, Field(max_length=64, examples=["Asia/Shanghai"]), AfterValidator(_zone)]
Ip = Annotated[str, Field(max_length=45, examples=["203.0.113.9"]), AfterValidator(_ip)]
Day = Annotated[date, BeforeValidator(_day)]
When = Annotated[str, Field(max_length=40, json_schema_extra={"format": "date-time"}), AfterValidator(moment)]  # in a query
Moment = Annotated[str, Field(max_length=40, json_schema_extra={"format": "date-time"}), AfterValidator(_moment_text)]
Url = Annotated[str, Field(min_length=8, max_length=2_000, json_schema_extra={"format": "uri"}), AfterValidator(_url)]
Span = Annotated[str, Field(min_length=1, max_length=40, examples=["30m"]), AfterValidator(_span)]
Locale = Literal["zh", "en"]


class Money(Model):
    """An amount as a decimal string, with its currency."""

    amount: Amount
    currency: Currency


class Listing(Query):
    """How much of a list, and from where on."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,512}$")] | None = None
