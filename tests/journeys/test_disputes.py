"""When a payment is disputed: one case, one ticket, whatever order its events come in, and the network's deadline rings."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.payments.sending import connect, events, sample, send
from tests.world import CHANNEL, World, at

PAID = {"provider": "uqpay", "channel_id": "ch-1", "transaction_id": "PI1234567890123456789", "paid_at": "2026-11-22T11:13:02Z"}
ALL = "uqpay,stripe,airwallex,pingpong"


@pytest.fixture
async def paid(make_world: Any) -> AsyncIterator[World]:
    """UQPAY's payment of an order is known; every institution is the operator's."""
    async with make_world(provider=ALL, sla_warn="0.5,0.8") as world:
        for kind in ALL.split(","):
            await connect(world, kind, shop_id="lights-sg", channel_id=f"ch-{kind}")
        body = {"total": {"amount": "129.11", "currency": "SGD"}, "payment": PAID, "buyer": {"name": "Tan Mei"}}
        await world.call("PUT", "/v1/orders/lights-sg/SP-7001", body)
        yield world


def alert(count: int, **data: Any) -> dict[str, Any]:
    return {**sample("uqpay_alert", **data), "event_id": f"alert-{count}"}


async def the_ticket(world: World) -> dict[str, Any]:
    (found,) = (await world.call("GET", "/v1/tickets"))["items"]
    return await world.shown(found["number"])


async def test_a_chargeback_alert_opens_a_ticket_on_its_order_and_says_when_evidence_is_due(paid: World) -> None:
    await send(paid, "uqpay", alert(1))
    ticket = await the_ticket(paid)
    assert (ticket["order_no"], ticket["category"]["label"], ticket["priority"]) == ("SP-7001", "chargeback_alert", "urgent")
    assert (ticket["currency"], ticket["buyer"]) == ("SGD", {"name": "T*** M***"})
    case = ticket["dispute"]
    assert (case["case_id"], case["amount"]) == ("Case2026012800063", {"amount": "11.45", "currency": "SGD"})
    assert (case["due_at"], case["due_basis"]) == ("2026-11-24T00:33:13.000Z", "default"), "24 h, as UQPAY names no deadline"
    posted = paid.slack.channel(CHANNEL)[-1].seen
    assert "Evidence due" in posted
    assert "UQPAY" in posted
    assert "Evidence for UQPAY: due" in await paid.says(f"why {ticket['number']}")
    assert "the usual time" in (await paid.call("GET", f"/v1/tickets/{ticket['number']}/why"))["evidence"]


async def test_the_networks_deadline_warns_at_shares_and_rings_when_it_has_passed(paid: World) -> None:
    await send(paid, "uqpay", alert(1))
    number = (await the_ticket(paid))["number"]
    await paid.says(f"claim {number}")
    await paid.pass_time(hours=11, minutes=40)
    assert "50% of the time for evidence" in paid.slack.dms("U0MEI")[-1].seen
    await paid.pass_time(hours=7, minutes=10)
    assert "80% of the time for evidence" in paid.slack.dms("U0MEI")[-1].seen
    await paid.pass_time(hours=5)
    assert any(f"Evidence was due: T-{number}" in each.seen for each in paid.slack.channel(CHANNEL))
    told = [each["type"] for each in (await paid.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]]
    assert (told.count("evidence.warned"), told.count("evidence.missed")) == (2, 1)


async def test_evidence_that_is_in_silences_its_deadline_and_the_end_is_written_down(paid: World) -> None:
    await send(paid, "uqpay", alert(1))
    await send(paid, "uqpay", alert(2, appeal_status="APPEALED", alert_update_time="2026-11-23T09:00:00+08:00"))
    heard = len(paid.slack.channel(CHANNEL))
    await paid.pass_time(hours=1)
    await send(paid, "uqpay", alert(3, appeal_status="SUCCEED", alert_update_time="2026-11-23T10:00:00+08:00"))
    ticket = await the_ticket(paid)
    assert (ticket["dispute"]["status"], ticket["dispute"]["outcome"]) == ("SUCCEED", "won")
    await paid.says(f"close {ticket['number']}")
    await paid.pass_time(hours=48)
    assert not any("vidence was due" in each.seen for each in paid.slack.channel(CHANNEL)[heard:])
    told = (await paid.call("GET", f"/v1/tickets/{ticket['number']}/timeline?limit=200"))["items"]
    ends = [(each["detail"].get("case") or {}).get("outcome") for each in told]
    assert [each for each in ends if each] == ["won"]


async def test_after_an_outage_the_missed_deadline_is_told_once_and_marked_late(paid: World) -> None:
    await send(paid, "uqpay", alert(1))
    await paid.stop_bot()
    paid.clock.push(at("2026-11-24T06:00:00Z") - paid.clock.now())
    await paid.start_bot()
    await paid.settle()
    told = [each for each in paid.slack.channel(CHANNEL) if "vidence was due" in each.seen or "time for evidence" in each.seen]
    assert len(told) == 1
    assert "(late)" in told[0].seen


STORY = [
    alert(1),
    alert(2, alert_status="PROCESSED", alert_update_time="2026-11-23T08:40:00+08:00"),
    alert(3, alert_status="PROCESSED", appeal_status="APPEALED", alert_update_time="2026-11-23T08:50:00+08:00"),
    alert(4, alert_status="PROCESSED", appeal_status="FAILED", alert_update_time="2026-11-23T08:55:00+08:00"),
]


async def test_in_whatever_order_its_events_come_a_case_ends_the_same_on_one_ticket(paid: World) -> None:
    for place, order in enumerate(itertools.permutations(STORY)):
        for count, event in enumerate(order):
            moved = {**event, "event_id": f"{place}-{count}", "source_id": f"Case{place}"}
            await send(paid, "uqpay", moved, settle=False)
    await paid.settle()
    tickets = (await paid.call("GET", "/v1/tickets?limit=200"))["items"]
    assert len(tickets) == 24
    ends = {(each["dispute"]["status"], each["dispute"]["outcome"], each["dispute"]["answered"]) for each in tickets}
    assert ends == {("FAILED", "lost", True)}
    assert {each["state"] for each in await events(paid)} == {"done"}


async def test_a_case_that_asks_again_opens_its_closed_ticket_again(paid: World) -> None:
    await send(paid, "airwallex", sample("airwallex_dispute"))
    number = (await the_ticket(paid))["number"]
    challenged = sample("airwallex_dispute", status="CHALLENGED", updated_at="2026-11-22T08:00:00+0000")
    await send(paid, "airwallex", {**challenged, "id": "evt_2"})
    await paid.says(f"claim {number}")
    await paid.says(f"close {number}")
    await paid.pass_time(minutes=1)
    again = sample("airwallex_dispute", stage="PRE_ARBITRATION", due_at="2026-12-10T00:00:00+0000", updated_at="2026-11-23T01:00:00+0000")
    await send(paid, "airwallex", {**again, "id": "evt_3"})
    ticket = await the_ticket(paid)
    assert (ticket["number"], ticket["state"], ticket["dispute"]["kind"]) == (number, "open", "pre_arbitration")
    assert (ticket["dispute"]["due_at"], ticket["dispute"]["due_basis"]) == ("2026-12-10T00:00:00.000Z", "psp")


@pytest.mark.parametrize(
    ("kind", "name", "category", "priority", "case", "amount", "due"),
    [
        ("stripe", "stripe_dispute", "not_received", "high", "chargeback", "11.45", "2026-12-04"),
        ("stripe", "stripe_warning", "unauthorized_payment", "high", "fraud_warning", None, "2026-11-24"),
        ("airwallex", "airwallex_dispute", "unauthorized_payment", "high", "chargeback", "16.66", "2026-11-30"),
        ("pingpong", "pingpong_dispute", "duplicate_charge", "high", "chargeback", "20.00", "2026-11-29"),
        ("uqpay", "uqpay_payout", "settlement_delay", "high", "payout", "5000.00", "2026-11-24"),
    ],
)
async def test_every_institutions_case_is_told_in_the_same_words(
    paid: World, kind: str, name: str, category: str, priority: str, case: str, amount: str | None, due: str
) -> None:
    await send(paid, kind, sample(name))
    ticket = await the_ticket(paid)
    found = ticket["dispute"]
    assert (ticket["shop_id"], ticket["category"]["label"], ticket["priority"]) == ("lights-sg", category, priority)
    assert (found["provider"], found["kind"], (found["amount"] or {}).get("amount")) == (kind, case, amount)
    assert found["due_at"][:10] == due


async def test_a_refund_that_fails_becomes_a_ticket_and_one_that_succeeds_does_not(paid: World) -> None:
    await send(paid, "uqpay", sample("uqpay_refund"))
    failed = {**sample("uqpay_refund", refund_status="FAILED", payment_refund_id="RF2"), "event_id": "rf-2"}
    await send(paid, "uqpay", {**failed, "event_type": "acquiring.refund.failed"})
    ticket = await the_ticket(paid)
    assert (ticket["order_no"], ticket["category"]["label"], ticket["dispute"]["kind"]) == ("SP-7001", "refund_delay", "refund")
    order = await paid.call("GET", "/v1/orders/lights-sg/SP-7001")
    assert order["refunded"] == "8.88"
    assert {each["status"] for each in order["payments"][0]["refunds"]} == {"succeeded", "failed"}


async def test_a_failed_refund_that_goes_through_after_all_ends_its_case_and_an_older_failure_opens_nothing(paid: World) -> None:
    await send(paid, "uqpay", {**refund("FAILED", "RF2", "09:00"), "event_id": "rf-1"})
    assert (await the_ticket(paid))["dispute"]["outcome"] is None
    await send(paid, "uqpay", {**refund("SUCCEEDED", "RF2", "10:00"), "event_id": "rf-2"})
    ticket = await the_ticket(paid)
    assert (ticket["dispute"]["status"], ticket["dispute"]["outcome"]) == ("SUCCEEDED", "refunded")
    await paid.pass_time(hours=6)
    assert not any("vidence was due" in each.seen for each in paid.slack.channel(CHANNEL)), "nothing is wanted any more"
    await send(paid, "uqpay", {**refund("FAILED", "RF2", "09:30"), "event_id": "rf-3"})
    assert (await the_ticket(paid))["dispute"]["outcome"] == "refunded"
    await send(paid, "uqpay", {**refund("SUCCEEDED", "RF3", "10:00"), "event_id": "rf-4"})
    await send(paid, "uqpay", {**refund("FAILED", "RF3", "09:00"), "event_id": "rf-5"})
    assert len((await paid.call("GET", "/v1/tickets"))["items"]) == 1, "it had gone through already"


def refund(status: str, id: str, hour: str) -> dict[str, Any]:
    doc = sample("uqpay_refund", refund_status=status, payment_refund_id=id, complete_time=f"2026-11-23T{hour}:00+08:00")
    return {**doc, "event_type": f"acquiring.refund.{status.lower()}"}


def payout(status: str, count: int, **data: Any) -> dict[str, Any]:
    doc = sample("uqpay_payout", payout_status=status.upper(), failure_reason=None, create_time="2026-11-23T08:00:00+08:00", **data)
    return {**doc, "event_type": f"acquiring.payout.{status}", "event_id": f"po-{count}"}


async def test_a_payout_that_does_not_arrive_in_time_opens_one_ticket_and_its_arrival_ends_the_case(paid: World) -> None:
    await send(paid, "uqpay", payout("created", 1, complete_time=None))
    await paid.pass_time(days=4, hours=22)
    assert not (await paid.call("GET", "/v1/tickets"))["items"], "four days may pass, and one more before it is late"
    assert [each["state"] for each in await events(paid)] == ["waiting"]
    await paid.pass_time(hours=2)
    ticket = await the_ticket(paid)
    assert (ticket["category"]["label"], ticket["dispute"]["stage"]) == ("settlement_delay", "payout_late")
    assert ticket["subject"] == "Payout is late · 5000.00 SGD"
    assert ticket["dispute"]["due_at"] == "2026-11-29T00:00:00.000Z", "a day after it was late"
    await send(paid, "uqpay", payout("succeeded", 2, complete_time="2026-11-28T10:00:00+08:00"))
    assert (await the_ticket(paid))["dispute"]["outcome"] == "paid"
    assert not await events(paid, "waiting")


async def test_a_payout_that_arrives_or_fails_before_it_is_late_is_not_late(paid: World) -> None:
    await send(paid, "uqpay", payout("created", 1, complete_time=None))
    await send(paid, "uqpay", payout("created", 2, complete_time=None, payout_id="PO2"))
    await send(paid, "uqpay", payout("succeeded", 3, complete_time="2026-11-23T12:00:00+08:00"))
    await paid.pass_time(days=1)
    await send(paid, "uqpay", payout("failed", 4, payout_id="PO2", complete_time="2026-11-24T09:00:00+08:00"))
    assert (await the_ticket(paid))["dispute"]["stage"] == "payout_failed"
    assert (await the_ticket(paid))["dispute"]["due_at"] == "2026-11-25T01:00:00.000Z", "a day after it failed"
    await paid.pass_time(days=7)
    assert (await the_ticket(paid))["dispute"]["stage"] == "payout_failed"


async def test_a_payouts_day_of_arrival_is_the_one_told_last(paid: World) -> None:
    def told(count: int, type: str, status: str, arrival: int) -> dict[str, Any]:
        of = {"id": "po_1", "object": "payout", "amount": 5000, "currency": "sgd", "status": status, "arrival_date": arrival}
        return {"id": f"evt_po{count}", "type": type, "created": 1795395600 + count, "data": {"object": {**of, "created": 1795395600}}}

    day, first = 86400, 1795395600
    await send(paid, "stripe", told(1, "payout.created", "pending", first + 2 * day))
    await send(paid, "stripe", told(2, "payout.updated", "in_transit", first + 4 * day))
    await paid.pass_time(days=4)
    assert not (await paid.call("GET", "/v1/tickets"))["items"]
    await paid.pass_time(days=1, hours=1)
    assert (await the_ticket(paid))["dispute"]["amount"] == {"amount": "50.00", "currency": "SGD"}


async def test_a_shops_order_enters_with_the_operators_payment_of_it_and_its_disputes_find_it(paid: World) -> None:
    await paid.call("PUT", "/v1/shops/jon", {"merchant_id": "lumiere", "platform": "shopify", "name": "Jon"})
    await connect(paid, "shopify", shop_id="jon")
    order = sample("shopify_order")
    await send(paid, "shopify", order, topic="orders/paid")
    await send(paid, "shopify", sample("shopify_dispute"), topic="disputes/create")
    assert len(await events(paid, "unmatched")) == 2, "no payment of it is known"
    intent = sample("uqpay_intent", payment_intent_id="PI-9999", merchant_order_id="JXQ1", amount="100.00")
    await send(paid, "uqpay", {**intent, "event_id": "other-amount"})
    assert len(await events(paid, "unmatched")) == 2, "called the same, and not as much"
    intent = sample("uqpay_intent", payment_intent_id="PI-9998", merchant_order_id="JXQ1")
    await send(paid, "uqpay", {**intent, "event_id": "right"})
    found = await paid.call("GET", "/v1/orders/jon/9999")
    assert (found["payment"]["transaction_id"], found["total"]["amount"]) == ("PI-9998", "129.11")
    assert (found["buyer"]["email"], found["buyer"]["phone"]) == ("j***@example.com", "+65****67")
    ticket = await the_ticket(paid)
    assert (ticket["shop_id"], ticket["order_no"], ticket["category"]["label"]) == ("jon", "9999", "unauthorized_payment")


async def test_one_order_may_have_several_payments_and_one_name_several_orders(paid: World) -> None:
    for count, much in enumerate(("10.00", "20.00")):
        intent = sample("uqpay_intent", payment_intent_id=f"PI-{count}", merchant_order_id="SPLIT", amount=much)
        await send(paid, "uqpay", {**intent, "event_id": f"split-{count}"})
    order = await paid.call("GET", "/v1/orders/lights-sg/SPLIT")
    assert [each["transaction_id"] for each in order["payments"]] == ["PI-0", "PI-1"]
    assert order["captured"] == "30.00"
    for shop in ("lights-sg", "lights-my"):
        body = {"total": {"amount": "1.00", "currency": "SGD"}, "payment": {**PAID, "transaction_id": f"PI-{shop}"}}
        await paid.call("PUT", f"/v1/orders/{shop}/TWICE", body)
    await send(paid, "uqpay", alert(7, payment_intent_id="PI-lights-my", merchant_order_id="TWICE"))
    assert (await the_ticket(paid))["shop_id"] == "lights-my", "the payment says which"


async def test_a_case_whose_ticket_was_merged_or_resolved_too_soon_still_rings(paid: World) -> None:
    await send(paid, "uqpay", alert(1))
    number, other = (await the_ticket(paid))["number"], await paid.ticket()
    await paid.says(f"merge {number} into {other}", by="chen")
    assert (await paid.shown(other))["dispute"]["case_id"] == "Case2026012800063"
    await paid.says(f"claim {other}")
    await paid.says(f"resolve {other}")
    await paid.pass_time(hours=14)
    assert not any("time for evidence" in each.seen for each in paid.slack.dms("U0MEI")), "resolved: nobody is warned"
    await paid.says(f"reopen {other}", by="chen")
    await paid.pass_time(hours=12)
    assert any(f"Evidence was due: T-{other}" in each.seen for each in paid.slack.channel(CHANNEL))
    lost = alert(2, appeal_status="FAILED", alert_update_time="2026-11-24T10:00:00+08:00")
    await send(paid, "uqpay", lost)
    assert (await paid.shown(other))["dispute"]["outcome"] == "lost"


async def test_what_a_person_wrote_into_an_event_is_not_kept_in_the_clear(paid: World) -> None:
    failed = sample("uqpay_refund", refund_status="FAILED", reason="call Mei +65 9123 4567 or mei@example.com")
    await send(paid, "uqpay", failed)
    ticket = await the_ticket(paid)
    assert ticket["dispute"]["reason"] == "call Mei *** or ***"
    assert "9123" not in str(await paid.call("GET", "/v1/orders/lights-sg/SP-7001")) + str(await events(paid)) + str(ticket)


async def test_an_order_of_another_institution_keeps_its_facts_when_a_payment_is_called_the_same(paid: World) -> None:
    intent = {"id": "pi_9", "object": "payment_intent", "amount": 500, "amount_received": 500, "currency": "usd", "status": "succeeded"}
    event = {"id": "evt_9", "type": "payment_intent.succeeded", "created": 1795395600}
    await send(paid, "stripe", {**event, "data": {"object": {**intent, "metadata": {"order_no": "SP-7001"}}}})
    order = await paid.call("GET", "/v1/orders/lights-sg/SP-7001")
    assert (order["payment"]["provider"], order["total"]["amount"]) == ("uqpay", "129.11")
    assert [each["transaction_id"] for each in order["payments"] if each["provider"] == "stripe"] == ["pi_9"]
