"""What is asked for before a ticket can be opened, and what is known of it then."""

from __future__ import annotations

from tests.api.samples import ORDER
from tests.world import MERCHANT, World


async def test_a_merchant_that_is_not_enabled_gets_no_tickets_and_hears_what_is_missing(world: World) -> None:
    await world.call("PUT", "/v1/merchants/late", {**MERCHANT, "legal_representative": {"name": "Li Lei"}})
    await world.call("PUT", "/v1/shops/late-shop", {"merchant_id": "late", "platform": "shopee", "name": "Late"})
    ticket = {"shop_id": "late-shop", "subject": "Hello", "message": "Is anybody there?"}
    assert (await world.call("POST", "/v1/tickets", ticket, status=409))["code"] == "merchant_not_enabled"
    refused = await world.call("POST", "/v1/merchants/late/enable", status=409)
    assert (refused["code"], refused["missing"]) == ("onboarding_incomplete", ["legal_representative.phone"])
    await world.call("PUT", "/v1/merchants/late", MERCHANT)
    await world.call("POST", "/v1/merchants/late/enable")
    assert (await world.call("POST", "/v1/tickets", ticket, status=201))["state"] == "new"


async def test_a_ticket_on_a_known_order_knows_its_buyer_and_its_currency(world: World) -> None:
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "buyer_mail": True})
    buyer = {"name": "Ana Ng", "email": "ana@buyer.example", "locale": "en"}
    await world.call("PUT", "/v1/orders/lights-sg/SP-1", {**ORDER, "buyer": buyer})
    number = await world.ticket(order_no="SP-1")
    ticket = await world.shown(number)
    assert (ticket["currency"], ticket["buyer"]["email"]) == (ORDER["total"]["currency"], "a***@buyer.example")
    await world.says(f"reply {number} It ships today.")
    await world.pass_time(seconds=11)
    assert [mail.to for mail in world.smtp.mails if "ships today" in mail.part("plain")] == [("ana@buyer.example",)]


async def test_an_order_paid_by_somebody_else_is_none_of_ours(world: World) -> None:
    paid = {**ORDER["payment"], "provider": "somebody"}
    refused = await world.call("PUT", "/v1/orders/lights-sg/SP-1", {**ORDER, "payment": paid}, status=422)
    assert refused["code"] == "order_not_paid_via_provider"
    assert not (await world.call("GET", "/v1/orders"))["items"]
