"""The app's home in Slack: an agent's desk, worked from there."""

from __future__ import annotations

from tests.fakes.slack_views import View
from tests.world import World


def _figures(home: View) -> dict[str, str]:
    return dict(each["text"].split("\n") for block in home.doc["blocks"] for each in block.get("fields", ()))


async def test_a_home_shows_the_teams_figures_and_what_is_mine_nobodys_and_about_to_be_missed(world: World) -> None:
    old = await world.ticket("Old")
    await world.pass_time(hours=1, minutes=30)
    mine, done = await world.ticket("Mine"), await world.ticket("Done")
    await world.says(f"claim {mine}")
    await world.says(f"close {done}")
    home = await world.slack.open_home("U0MEI")
    assert _figures(home) == {"Open": "2", "Overdue": "0", "Due within the hour": "1", "Closed today": "1"}
    soon, own, free = home.seen.partition("Yours: 1")[0], home.seen.partition("Yours: 1")[2], home.seen.partition("Unclaimed: 1")[2]
    assert (f"T-{old}" in soon, f"T-{mine}" in soon) == (True, False)
    assert (f"T-{mine}" in own, f"T-{old}" in free, f"T-{mine}" in free) == (True, True, False)
    assert f"T-{done}" not in home.seen
    await world.pass_time(hours=1)
    assert _figures(await world.slack.open_home("U0MEI"))["Overdue"] == "1"
    await world.pass_time(hours=20)
    assert _figures(await world.slack.open_home("U0MEI"))["Closed today"] == "0", "today ends at the merchant's midnight"


async def test_claiming_at_home_shows_it_there_at_once(world: World) -> None:
    number = await world.ticket()
    home = await world.slack.open_home("U0MEI")
    assert "Yours: 0" in home.seen
    await world.slack.press_for_view(home, f"claim {number}", user="U0MEI")
    home = world.slack.homes["U0MEI"]
    assert f"T-{number} is yours." in home.seen, "what the press did stands on top"
    assert "Yours: 1" in home.seen
    assert not world.slack.dms("U0MEI"), "no message for what is seen anyway"
    await world.slack.press_for_view(home, "Refresh", user="U0MEI")
    assert "is yours." not in world.slack.homes["U0MEI"].seen


async def test_what_is_looked_at_from_home_opens_over_it_and_can_be_worked_on_there(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    home = await world.slack.open_home("U0MEI")
    card = await world.slack.press_for_view(home, f"show {number}", user="U0MEI", draws=2)
    assert card is not None
    assert "I paid and got nothing." in card.seen
    form = await world.slack.press_for_view(card, "Resolve", user="U0MEI")
    assert form is not None
    assert "text" in form.inputs
    told = await world.slack.submit("U0MEI", {"text": "done"}, draws=1)
    assert told is not None
    assert f"T-{number} is resolved." in told.seen
    assert "Yours: 0" in world.slack.homes["U0MEI"].seen, "home has seen it too"
    assert world.slack.complaints == []


async def test_a_refusal_at_home_is_told_there(world: World) -> None:
    number = await world.ticket()
    home = await world.slack.open_home("U0MEI")
    await world.says(f"认领 {number}", by="bo")
    told = await world.slack.press_for_view(home, f"claim {number}", user="U0MEI", draws=2)
    assert told is not None
    assert "Bo Zhang has" in told.seen


async def test_a_home_speaks_its_persons_language_and_changes_it(world: World) -> None:
    await world.ticket()
    home = await world.slack.open_home("U0BO")
    assert ("未认领：1" in home.seen, "刷新" in home.labels) == (True, True)
    await world.slack.press_for_view(home, "English", user="U0BO")
    assert "Unclaimed: 1" in world.slack.homes["U0BO"].seen


async def test_nobodys_home_says_how_to_be_linked_and_nothing_else(world: World) -> None:
    number = await world.ticket()
    home = await world.slack.open_home("U0NOBODY")
    assert "know this account" in home.seen
    assert "绑定" in home.seen
    assert "T1/U0NOBODY" in home.seen
    assert (home.buttons, f"T-{number}" in home.seen) == ([], False)


async def test_another_merchants_tickets_are_on_nobody_elses_desk_and_a_manager_sees_all(world: World) -> None:
    await world.ticket("Ours")
    await world.ticket("Theirs", shop_id="other-shop")
    assert "Theirs" not in (await world.slack.open_home("U0MEI")).seen
    seen = (await world.slack.open_home("U0SARA")).seen
    assert ("Ours" in seen, "Theirs" in seen) == (True, True)


async def test_a_full_desk_is_a_home_that_slack_takes(world: World) -> None:
    for count in range(9):
        await world.ticket(f"Case {count} " + "长" * 100)
    await world.pass_time(hours=1, minutes=30)
    home = await world.slack.open_home("U0MEI")
    assert "All 9" in home.labels
    page = await world.slack.press_for_view(home, "list unclaimed", user="U0MEI", draws=2)
    assert page is not None
    assert "T-1006" in page.seen
    page = await world.slack.press_for_view(page, "Next page", user="U0MEI", draws=2)
    assert page is not None
    assert "T-1009" in page.seen
    assert world.slack.complaints == []
