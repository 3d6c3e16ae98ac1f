"""`list [filters]`: open tickets, most urgent first, with the time left to the next tier; `@name` is a view that was saved."""

from __future__ import annotations

from bot.card import Button, Card
from bot.commands import views
from bot.commands.filters import Wanted, read, tokens
from bot.messages import Page, Reply, TicketFilter
from bot.ticket import Ticket
from bot.turn import Turn, Verb
from bot.wording.cards import row_card

PER_PAGE = 6
MOST_COUNTED = 200  # more are not counted out: nobody pages through them, and counting takes longer than showing


def run(turn: Turn) -> Reply:
    turn.allow("list")
    said = tokens(turn.words)
    if said == ["@"]:
        return views.shown(turn)
    wanted = read(turn, views.unfolded(turn, said))
    if "delete" in wanted.steers:
        return views.deleted(turn, wanted.steers["delete"])
    saved = views.saved(turn, wanted.steers["save"], wanted.words) if "save" in wanted.steers else ""
    return _listed(turn, wanted, saved)


def _listed(turn: Turn, wanted: Wanted, saved: str) -> Reply:
    narrow = "_filtered" if wanted.words else ""
    filter = wanted.filter(turn.now)
    page: Page[Ticket] = Page(()) if wanted.hidden else _page(turn, filter, wanted.steers)
    if not page.items:
        nothing = turn.say(f"list_none{narrow}")
        return Reply(f"{saved} {nothing}".strip(), locale=turn.locale)
    whole = page.next_cursor is None and page.previous_cursor is None
    count = len(page.items) if whole else turn.stores.tickets.count(filter, MOST_COUNTED)
    title = _title(turn, count, narrow)
    head = Card(f"{saved} {title}".strip(), "info", buttons=_paging(turn, page, wanted.words))
    merchants = turn.stores.merchants.many({each.merchant_id for each in page.items})
    rows = [row_card(each, turn.telling(each, merchants[each.merchant_id].timezone)) for each in page.items]
    return Reply(f"{saved} {title}".strip(), (head, *rows), locale=turn.locale)


def _page(turn: Turn, filter: TicketFilter, steers: dict[str, str]) -> Page[Ticket]:
    """Where the list has become shorter since its button was made, its beginning."""
    urgent, cursor = turn.stores.tickets.urgent, steers.get("before") or steers.get("after")
    page = urgent(filter, PER_PAGE, cursor, back="before" in steers)
    return page if page.items or cursor is None else urgent(filter, PER_PAGE)


def _title(turn: Turn, count: int, narrow: str) -> str:
    if count > MOST_COUNTED:
        return turn.say(f"list_title{narrow}", count=f"{MOST_COUNTED:,}+")
    return turn.say(f"list_title{narrow}_one" if count == 1 else f"list_title{narrow}", count=count)


def _paging(turn: Turn, page: Page[Ticket], words: str) -> tuple[Button, ...]:
    found = []
    for name, steer, cursor in (("previous", "before", page.previous_cursor), ("next", "after", page.next_cursor)):
        if cursor is not None:
            found.append(Button(turn.say(f"button.{name}"), " ".join(each for each in ("list", words, f"{steer}:{cursor}") if each)))
    return tuple(found)


VERB = Verb(
    "list", ("列表", "查询"), ("list [filters]", "列表 [筛选]"), ("open tickets, most urgent first", "未结工单，最紧急的在前"), run,
    ("list unclaimed platform:shopee tag:refund_delay", "列表 未认领 平台:shopee 标签:退款延迟"), changes=False, writes=views.writes,
)  # fmt: skip
