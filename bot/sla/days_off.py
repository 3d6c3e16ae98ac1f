"""What a year's days are in a country: its public holidays and, in mainland China, the weekends that are worked to make up for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

Names = tuple[str, str]  # English, Chinese


@dataclass(frozen=True, slots=True)
class Year:
    """`off`: holidays; `worked`: weekend days on which people work. `official` False: no arrangement is known, so nothing is made up."""

    off: Mapping[date, Names] = field(default_factory=dict)
    worked: Mapping[date, Names] = field(default_factory=dict)
    official: bool = True


@lru_cache(maxsize=512)
def year(country: str | None, number: int) -> Year:
    """That year in that country (an ISO 3166 code); None has no holidays. Never raises: what no library knows has none, `official` False.

    Mainland China (`CN`) announces each year's arrangement in the November before; `chinesecalendar` refuses the years it has no data
    for. Such a year has the holidays that `holidays` computes from the law, and no make-up days.
    """
    if country is None:
        return Year()
    if country == "CN":
        known = _announced(number)
        if known is not None:
            return known
    off = _computed(country, number)
    return Year(off, {}, bool(off) and country != "CN")


def known(country: str) -> bool:
    """Whether its holidays can be told. The library takes a fifth of a second to import, once, when it is first needed."""
    if country == "CN":
        return True
    import holidays  # noqa: PLC0415

    return country in holidays.list_supported_countries(include_aliases=False)


def _announced(number: int) -> Year | None:
    import chinese_calendar  # noqa: PLC0415
    from chinese_calendar import constants  # noqa: PLC0415

    try:
        chinese_calendar.is_workday(date(number, 1, 1))
    except NotImplementedError:
        return None
    names = {each.value: (str(each.value), str(each.chinese)) for each in chinese_calendar.Holiday}
    return Year(_of(constants.holidays, number, names), _of(constants.workdays, number, names))


def _of(days: Mapping[date, str], number: int, names: Mapping[str, Names]) -> dict[date, Names]:
    return {day: names.get(name, (name, name)) for day, name in days.items() if day.year == number}


def _computed(country: str, number: int) -> dict[date, Names]:
    import holidays  # noqa: PLC0415

    try:
        english = holidays.country_holidays(country, years=number, language="en_US")
        local = holidays.country_holidays(country, years=number, language="zh_CN") if country == "CN" else english
    except (NotImplementedError, ValueError, ArithmeticError, KeyError):
        return {}
    return {day: (name, local.get(day) or name) for day, name in english.items() if day.year == number}
