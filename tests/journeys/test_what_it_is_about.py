"""A new ticket is labelled at once; where the engine is not sure, people say it with a press, and it learns from that."""

from __future__ import annotations

from bot.classifying import classify
from bot.wording import SENTENCES
from tests.world import CHANNEL, World

# Of which some model may have learned one; it can't have learned all.
UNCLEAR = (
    "Regarding that thing from the other day", "It is still the same as I told the other colleague before, nothing changed with the amount",
    "Why did this happen again, and who decides it?", "The number you gave does not look right to me", "Half of it is missing somehow",
)  # fmt: skip


async def test_a_ticket_without_a_category_gets_one_and_its_timeline_says_how_sure_that_is(world: World) -> None:
    number = await world.ticket(subject="My card was charged twice for the same order", message="I paid once and my bank shows two charges")
    shown = (await world.shown(number))["category"]
    assert (shown["label"], shown["source"], shown["needs_look"]) == ("duplicate_charge", "engine", False)
    assert 0.5 < shown["score"] <= 1
    assert shown["second"] not in (None, "duplicate_charge")
    [opened, *_] = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
    assert opened["detail"]["category"] == "duplicate_charge"
    [card] = world.slack.channel(CHANNEL)
    assert "duplicate charge" in card.seen


async def test_a_category_that_is_given_stands(world: World) -> None:
    number = await world.ticket(subject="My card was charged twice", message="twice!", category="fx_dispute")
    await world.settle()
    shown = (await world.shown(number))["category"]
    assert (shown["label"], shown["source"], shown["score"], shown["needs_look"]) == ("fx_dispute", "api", 1.0, False)


async def test_where_it_is_not_sure_the_two_best_guesses_are_buttons_and_a_press_settles_it(world: World) -> None:
    unclear = next(each for each in UNCLEAR if classify(each).unsure)
    guessed = classify(unclear)
    number = await world.ticket(subject=unclear, message=unclear)
    shown = (await world.shown(number))["category"]
    assert (shown["label"], shown["needs_look"]) == ("other", True)
    [card] = world.slack.channel(CHANNEL)
    assert "please look" in card.seen
    named = [SENTENCES[f"category.{each}"][0] for each in guessed.best]
    assert [label for label in card.labels if label in named] == named

    assert "is about" in await world.slack.press(card, named[0], user="U0MEI")
    await world.settle()
    shown = (await world.shown(number))["category"]
    assert (shown["source"], shown["score"], shown["needs_look"]) == ("agent", 1.0, False)
    assert "please look" not in card.seen
    assert named[1] not in card.labels


async def test_what_a_merchants_people_correct_is_learned_for_that_merchant_and_a_persons_word_stands(world: World) -> None:
    message = "The glimmerstone keeps humming at night, what now?"
    numbers = [await world.ticket(subject=f"{message} ({at})", message=message) for at in range(3)]
    for number in numbers:
        await world.says(f"tag {number} not_as_described")
    await world.settle()
    assert (await world.shown(numbers[0]))["category"]["source"] == "agent"

    learned = await world.ticket(subject="Glimmerstone humming at night again", message=message)
    await world.settle()
    shown = (await world.shown(learned))["category"]
    assert (shown["label"], shown["source"]) == ("not_as_described", "engine")
    entries = (await world.call("GET", f"/v1/tickets/{learned}/timeline"))["items"]
    assert [each["detail"]["category"] for each in entries if each["type"] == "ticket.updated"] == ["not_as_described"]
    assert classify(message).label != "not_as_described"  # the shipped model, which every other merchant has, is as it was


async def test_how_sure_it_is_and_how_often_people_disagree_is_in_the_metrics(world: World) -> None:
    number = await world.ticket(subject="My card was charged twice for the same order", message="two charges, one order")
    await world.says(f"tag {number} fx_dispute")
    async with world.api.get("/metrics") as figures:
        told = await figures.text()
    assert 'deskbell_classified_total{label="duplicate_charge",unsure="no"} 1.0' in told
    assert 'deskbell_classify_corrected_total{right="no"} 1.0' in told
    assert "deskbell_classify_confidence" in told
