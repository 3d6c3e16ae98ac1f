"""The duty roster, and who is on duty at a moment."""

from __future__ import annotations

from bot import views
from bot.errors import NotFound
from bot.house import House
from bot.messages import Doc, DutyAt, RotaOf
from bot.rota import on_duty
from bot.stores import Stores


def _rota(stores: Stores, house: House, query: RotaOf) -> Doc:
    operators_only(query.within)
    return views.rota_doc(stores.rota.get())


def _duty(stores: Stores, house: House, query: DutyAt) -> tuple[Doc, ...]:
    operators_only(query.within)
    there = on_duty(stores.rota.get(), stores.people.senior_managers(), query.at or house.clock.now())
    return tuple(views.person_doc(each) for each in there)


def operators_only(within: str | None) -> None:
    """A merchant has none."""
    if within is not None:
        raise NotFound("no_rota")


ANSWERS = {RotaOf: _rota, DutyAt: _duty}
QUICK = (RotaOf,)
