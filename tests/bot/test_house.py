"""Where people are reached: asked of the channels that are connected, of whatever name they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from bot.house import House
from bot.messages import Address
from bot.people import Person, Role
from bot.ports import Abilities, written
from bot.records import Merchant
from bot.settings import Settings
from bot.stores import Stores
from tests.bot.test_ticket import NOW
from tests.clock import PushedClock

CHANNELS = {
    "email": Abilities(merchant=written("emails"), person=lambda person: person.email),
    "pager": Abilities(chat=True, merchant=written("pager", "pagers"), person=lambda person: person.wecom_user_id),
    "slack": Abilities(chat=True, merchant=written("slack_channel"), person=lambda person: person.slack_user_id, deployment="C0ALL"),
}
STORES = cast(Stores, SimpleNamespace(accounts=SimpleNamespace(owners=lambda channel: frozenset({"m1"}) if channel == "pager" else set())))
MEI = Person("mei", "Mei", Role.AGENT, "m1", slack_user_id="U1", wecom_user_id="mei", email="mei@example.com")


class NoVault:
    """Nothing is sealed here."""

    def seal(self, clear: bytes, context: str) -> bytes:
        return clear

    def open(self, sealed: bytes, context: str) -> bytes:
        return sealed

    def token(self, clear: str, context: str) -> str:
        return f"{context}:{clear}"

    def new_data_key(self, context: str) -> bytes:
        return context.encode()

    def seal_with(self, wrapped: bytes, wrapped_for: str, clear: bytes, context: str) -> bytes:
        return clear

    def open_with(self, wrapped: bytes, wrapped_for: str, sealed: bytes, context: str) -> bytes:
        return sealed

    def new_key(self, context: str) -> tuple[bytes, str]:
        return b"", context

    def sign(self, sealed: bytes, context: str, message: bytes) -> bytes:
        return message


def house(*names: str) -> House:
    return House(Settings(), PushedClock(), NoVault(), {name: CHANNELS[name] for name in names or CHANNELS})


def merchant(**notify: Any) -> Merchant:
    return Merchant("m1", "M", "Asia/Shanghai", "zh", {"notify": notify})


def test_a_merchant_is_told_in_its_chats_first_then_by_mail() -> None:
    found = house().everywhere(merchant(emails=["a@example.com", "b@example.com"], slack_channel="C1", pagers=["P1", "P2"]))
    assert [(each.channel, each.target) for each in found] == [
        ("pager", "P1"), ("pager", "P2"), ("slack", "C1"), ("email", "a@example.com"), ("email", "b@example.com"),
    ]  # fmt: skip


def test_a_merchant_without_a_chat_of_its_own_is_told_in_the_deployments() -> None:
    assert house().team(merchant(emails=["a@example.com"])) == [Address("slack", "C0ALL")]
    assert house().team(merchant(pager="P1")) == [Address("pager", "P1")]
    assert house("email").team(merchant(slack_channel="C1")) == [], "a channel that is not connected reaches nobody"


def test_a_person_is_reached_on_every_link_that_is_connected_chat_first() -> None:
    assert [each.channel for each in house().person(STORES, MEI)] == ["pager", "slack", "email"]
    assert house("email", "slack").person(STORES, MEI) == [Address("slack", "U1"), Address("email", "mei@example.com")]


def test_a_link_through_an_account_that_nobody_has_is_none() -> None:
    pager = Abilities(chat=True, person=lambda person: f"{person.merchant_id}/{person.id}", owner=lambda to: to.split("/")[0], stands=False)
    found = House(Settings(), PushedClock(), NoVault(), {"pager": pager})
    assert found.person(STORES, MEI) == [Address("pager", "m1/mei")]
    assert found.person(STORES, replace(MEI, merchant_id="m2")) == []


def test_who_is_away_or_has_no_link_is_reached_through_the_team() -> None:
    away = Person("bo", "Bo", Role.AGENT, "m1", slack_user_id="U2", away_until=NOW + timedelta(hours=1))
    home = merchant(slack_channel="C1", emails=["a@example.com"])
    assert house("slack", "email").reach(STORES, away, home, NOW) == [Address("slack", "C1")]
    assert house("slack", "email").reach(STORES, away, home, NOW + timedelta(hours=1)) == [Address("slack", "U2")]
    assert house("email").reach(STORES, away, home, NOW + timedelta(hours=1)) == [Address("email", "a@example.com")]
