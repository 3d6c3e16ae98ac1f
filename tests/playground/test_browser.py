"""The playground in a real browser, over the real product: what a visitor does in the first two minutes."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import async_playwright, expect

from tests.playground.product import ARGUMENTS, CHROMIUM, running_demo

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.pwned=1"><b>bold</b> <!channel> {{7*7}} <script>window.pwned=2</script>'


@pytest.fixture
def demo(tmp_path):
    """One for each test: a busy Slack channel's limit would make tests wait for each other's cards."""
    with running_demo(tmp_path) as url:
        yield url


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def opened(browser, demo):
    """Opens the page; anything that goes wrong in its scripts, or that its policy stops, fails the test."""
    wrong: list[str] = []

    async def open_page(width=1440, height=900, language="en-US", scheme="light"):
        context = await browser.new_context(viewport={"width": width, "height": height}, locale=language, color_scheme=scheme)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        await page.goto(f"{demo}/playground")
        await page.wait_for_selector(".ticket .open", state="attached")
        await page.wait_for_timeout(1000)  # the past of the feed is in
        return page

    yield open_page
    assert wrong == []


async def be(page, name):
    await page.get_by_role("tab", name=re.compile(name)).click()


async def type_words(page, words):
    """What the bot answered, as text."""
    answers = page.locator("#log .bot")
    count = await answers.count()
    await page.fill("#chat-input", words)
    await page.press("#chat-input", "Enter")
    await expect(answers).to_have_count(count + 1)
    return await answers.last.inner_text()


async def new_ticket(page, text, shop="lumen-shopee"):
    said = await type_words(page, f"new shop:{shop} {text}")
    found = re.search(r"T-(\d+)", said)
    assert found, said
    return int(found[1])


def ticket(page, number):
    return page.locator(f'.ticket[data-key="T-{number}"]')


async def test_three_people_type_commands_and_each_is_answered_in_their_language(opened):
    page = await opened()
    assert "林梅" in await type_words(page, "whoami")
    await type_words(page, "列表")
    await be(page, "Chen Wei")
    assert "陈伟" in await type_words(page, "我")
    await be(page, "Sara Tan")
    assert "senior manager" in (await type_words(page, "whoami")).lower()
    assert "list" in await type_words(page, "help")
    await be(page, "Mei Lin")
    assert await page.locator("#log .mine").count() == 2, "everyone's words stay with them"


async def test_a_suggestion_and_the_arrow_keys_say_things_too(opened):
    page = await opened()
    await page.locator(".chip", has_text=re.compile("^list$")).click()
    await expect(page.locator("#log .bot .card").first).to_be_visible()
    await page.fill("#chat-input", "whoami")
    await page.press("#chat-input", "Enter")
    await page.press("#chat-input", "ArrowUp")
    await expect(page.locator("#chat-input")).to_have_value("whoami")


async def test_a_press_on_a_card_claims_the_ticket_and_a_second_person_hears_who_has_it(opened):
    page = await opened()
    number = await new_ticket(page, "My lamp came without a plug")
    card = page.locator(".message", has_text=f"T-{number}").first
    await card.get_by_role("button", name="认领").click()
    await expect(card.locator(".whisper")).to_contain_text(f"T-{number}")
    await expect(card.locator(".edited")).to_be_visible()
    await expect(card).to_contain_text("Mei Lin")
    await expect(ticket(page, number)).to_contain_text("Mei")
    await be(page, "Chen Wei")
    refused = await type_words(page, f"claim {number}")
    assert "Mei Lin" in refused
    await expect(page.locator("#log .bot.refused")).to_have_count(1)


async def test_a_claim_in_wecom_is_seen_in_slack_and_one_in_slack_in_wecom(opened):
    page = await opened()
    one, two = await new_ticket(page, "No plug " + HOSTILE), await new_ticket(page, "Broken shade", "lumen-tiktok")
    in_wecom = page.locator(".wx-row", has_text=f"T-{one}").first
    await expect(in_wecom).to_contain_text("＜img src=x", timeout=20000)
    await expect(page.locator(".wx-row", has_text=f"T-{two}").first).to_be_visible(timeout=8000)
    await in_wecom.get_by_role("button", name="认领").click()
    await expect(page.locator(".message", has_text=f"T-{one}").first).to_contain_text("Chen Wei")
    await expect(in_wecom.get_by_role("button", name="认领")).to_have_count(0)
    await page.locator(".message", has_text=f"T-{two}").first.get_by_role("button", name="认领").click()
    await expect(page.locator(".wx-row", has_text=f"T-{two}").first).to_contain_text("Mei Lin")
    await page.locator(".wx-say input").fill(f"show {one}")
    await page.locator(".wx-say input").press("Enter")
    await expect(page.locator(".wx-mine")).to_contain_text(f"show {one}")
    await expect(page.locator(".wx-row").last).to_contain_text(f"T-{one}")
    assert await page.evaluate("window.pwned") is None


async def test_a_button_that_needs_a_word_asks_for_it_in_its_place(opened):
    page = await opened()
    number = await new_ticket(page, "The switch is missing")
    card = page.locator(".message", has_text=f"T-{number}").first
    await card.get_by_role("button", name="认领").click()
    await card.get_by_role("button", name="备注").click()
    await page.keyboard.press("Escape")
    await card.get_by_role("button", name="备注").click()
    await page.keyboard.type("已联系物流")
    await page.keyboard.press("Enter")
    await expect(card.locator(".whisper")).to_contain_text("备注已记录")
    assert "已联系物流" in await type_words(page, f"show {number}")


async def test_an_unanswered_ticket_rings_three_times_louder_each_time(opened):
    page = await opened()
    number = await new_ticket(page, "Nobody answers me")
    told = page.locator(".message", has_text=f"T-{number}")
    for tier, seconds in ((1, 14), (2, 20), (3, 26)):
        await expect(ticket(page, number)).to_have_class(re.compile(f"tier-{tier}"), timeout=seconds * 1000)
        await expect(told.and_(page.locator(f".kind-tier{tier}"))).to_have_count(1, timeout=5000)
    await page.locator(".places button", has_text="Sara Tan").click()
    await expect(page.locator(".message.kind-tier3", has_text=f"T-{number}")).to_have_count(1)
    await page.get_by_role("tab", name=re.compile("E-mail")).click()
    for name in ("流明家居", "Sara Tan"):
        await expect(page.locator(".mails .kind-tier3", has_text=name).filter(has_text=f"T-{number}")).to_have_count(1)
    await page.get_by_role("tab", name=re.compile("Webhooks")).click()
    await expect(page.locator(".hooks li", has_text="shop.refund_frozen").filter(has_text=f"T-{number}")).to_have_count(1)
    await be(page, "Sara Tan")
    assert "lumen-shopee" in await type_words(page, "unfreeze shop:lumen-shopee the buyer was called")


async def test_space_stops_every_countdown_and_starts_it_again(opened):
    page = await opened()
    number = await new_ticket(page, "Please hold on")
    left = ticket(page, number).locator(".clock .said").nth(2)
    await page.locator(".brand").click()
    await page.keyboard.press("Space")
    await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    await page.wait_for_timeout(300)
    stood = await left.inner_text()
    await page.wait_for_timeout(2500)
    assert await left.inner_text() == stood
    await page.keyboard.press("Space")
    await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "false")
    await expect(left).not_to_have_text(stood)


async def test_space_is_a_letter_while_one_types(opened):
    page = await opened()
    await page.focus("#chat-input")
    await page.keyboard.type("claim 1")
    await expect(page.locator("#chat-input")).to_have_value("claim 1")
    await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "false")


async def test_hostile_text_stays_text_in_every_channel(opened):
    page = await opened()
    number = await new_ticket(page, HOSTILE)
    await expect(ticket(page, number)).to_contain_text("<img src=x")
    await expect(page.locator(".message", has_text=f"T-{number}").first).to_contain_text("<script>window.pwned=2</script>")
    await page.get_by_role("tab", name=re.compile("Webhooks")).click()
    row = page.locator(".hooks li", has_text="ticket.created").filter(has_text=f"T-{number}")
    await row.locator("summary").click()
    await expect(row.locator("pre")).to_contain_text("onerror=")
    await page.get_by_role("tab", name=re.compile("E-mail")).click()
    await expect(page.locator(".mails .kind-tier1", has_text=f"T-{number}")).to_have_count(1, timeout=15000)
    await page.locator(".mails .kind-tier1 button", has_text=f"T-{number}").click()
    await expect(page.locator(".sheet")).to_contain_text("<b>bold</b>")
    assert await page.evaluate("window.pwned") is None
    assert await page.locator('img[src="x"]').count() == 0


async def test_the_page_speaks_both_languages_and_offers_to_make_the_bot_follow(opened):
    page = await opened()
    await expect(page.locator("#board-title")).to_contain_text("Tickets on the clock")
    await page.locator("#offer button").click()
    await expect(page.locator("#log .bot").last).to_contain_text("English")
    await expect(page.locator("#offer")).to_be_hidden()
    await page.get_by_role("button", name="中文").click()
    await expect(page.locator("#board-title")).to_contain_text("计时中的工单")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await page.locator("#offer button").click()
    await expect(page.locator("#log .bot").last).to_contain_text("中文")


@pytest.mark.parametrize(("width", "height", "language", "scheme"), [(390, 844, "zh-CN", "dark"), (320, 640, "en-US", "light")])
async def test_a_phone_shows_one_part_at_a_time_and_never_scrolls_sideways(opened, width, height, language, scheme):
    page = await opened(width, height, language, scheme)
    for view, shown in (("board", ".board"), ("chat", ".chat"), ("channels", ".channels")):
        await page.locator(f'.bottom [data-view="{view}"]').click()
        for part in (".board", ".chat", ".channels"):
            await expect(page.locator(part)).to_be_visible(visible=part == shown)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_everything_that_can_be_pressed_has_a_name_and_can_be_reached_by_keyboard(opened):
    page = await opened()
    for button in await page.get_by_role("button").all():
        name = (await button.get_attribute("aria-label")) or (await button.inner_text())
        assert name.strip(), await button.evaluate("each => each.outerHTML")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.focus("#people [aria-selected=true]")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name=re.compile("Chen Wei"))).to_be_focused()


async def test_a_page_that_comes_back_shows_what_it_missed_once(opened):
    page = await opened()
    number = await new_ticket(page, "Seen before and after")
    before = page.locator(".message", has_text=f"T-{number}")
    await expect(before).to_have_count(1)
    await page.reload()
    await expect(page.locator(".message", has_text=f"T-{number}").first).to_be_visible()
    assert await page.locator(".message.kind-alert", has_text=f"T-{number}").count() == 1
