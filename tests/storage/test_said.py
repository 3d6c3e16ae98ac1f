"""What was said is found: words in any script, exactly and only where they stand, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import TicketFilter
from bot.stores import Stores
from storage.engine import Storage, open_storage
from storage.grams import grams, plain, words
from storage.migrate import migrate, upgrade
from storage.schema import tickets
from storage.ticket_rows import values_of
from tests.bench.databases import inside
from tests.databases import Postgres
from tests.storage.samples import message, new_ticket, ticket

TEXTS = {
    "delay": ("退款延迟", "已经等了三周，退货的款项延后，迟迟不到。"),
    "apart": ("退货，款没到", "退 款, 迟延"),
    "latin": ("Refunds are 100% WOOL_and late", "Order SP-1001, mail a.b@shop.example"),
    "thai": ("ขอคืนเงิน", "ยังไม่ได้รับเงินคืน"),
    "kana": ("返金はいつですか", "まだ届きません"),
    "accents": ("Où est mon remboursement ?", "Straße ÉTÉ ﬁn ＡＢＣ１２３"),
    "begun": ("b-b-begun", "…"),
    "long": ("x" * 100, "y" * 39 + "z" * 10),
}
FOUND: dict[str, set[str]] = {
    "退款": {"delay"}, "延迟": {"delay"}, "退款延迟": {"delay"}, "款延": {"delay"}, "退": {"delay", "apart"}, "迟": {"delay", "apart"},
    "款延迟": {"delay"}, "退延": set(), "款项 延迟": {"delay"}, "退款 没到": set(),
    "退款，延迟": set(), "“退款延迟”": {"delay"}, "款, 迟": {"delay", "apart"},
    "refund": {"latin"}, "REFUNDS": {"latin"}, "ｒｅｆｕｎｄ": {"latin"}, "efund": set(), "100%": {"latin"}, "wool_and": {"latin"},
    "wool late": {"latin"}, '"wool late"': set(), '"refunds are"': {"latin"}, "sp-1001": {"latin"}, "SP-10": {"latin"}, "SP-2": set(),
    "a.b@shop": {"latin"}, "a.c@shop": set(), "shop.example a.b@sh": {"latin"}, "b-b-be": {"begun"}, "b-b-bz": set(),
    "late?": {"latin"}, "คืนเงิน": {"thai"}, "เงินคืน": {"thai"},
    "เงิน": {"thai"}, "คืนรับ": set(),
    "返金": {"kana"}, "届き": {"kana"}, "いつ": {"kana"}, "où": {"accents"}, "strasse": {"accents"},
    "été": {"accents"}, "fin abc123": {"accents"},
    "x" * 100: {"long"}, "x" * 60: {"long"}, "x" * 101: set(), "y" * 39 + "z" * 10: {"long"}, "y" * 39 + "z" * 9: {"long"},
    "y" * 39 + "zq": set(),
    "": set(TEXTS), "  ": set(TEXTS), "%": set(), "?!": set(),
}  # fmt: skip
HOSTILE = (
    '"', '""', '"""', "'", "';--", "\\", "*", "refund*", "re*nd", "a AND b", "OR", "NOT", "NEAR(a b)",
    "grams:退款", "ticket_grams", "^退款",
    "-refund", "+refund", "(", ")", "refund)", "退款:*", "'退款' | '延迟'", "!退款", "<->", "&", "|", "\0", "退\0款", "\ud800",
   "\u202e退款",
    "😡", "%%%",
    "_" * 200, "退" * 10_000, "a " * 5_000, "a" * 10_000, '"退 ' * 3_000, "{refund}", "$1", ":1", "?", "\r\n\t", "ﷺ" * 200,
)  # fmt: skip


def _fill(stores: Stores) -> dict[int, str]:
    return {new_ticket(stores, subject=said[0], message=said[1]).number: name for name, said in TEXTS.items()}


def _numbers(stores: Stores, q: str, merchant: str | None = "m1") -> list[int]:
    return [each.number for each in stores.tickets.page(TicketFilter(merchant=merchant, q=q), 50, None).items]


async def test_words_of_any_script_are_found_where_they_stand_and_nowhere_else(storage: Storage) -> None:
    known = await storage.write(_fill)
    for q, names in FOUND.items():
        for merchant in ("m1", None):
            found = await storage.read(lambda stores: _numbers(stores, q, merchant))  # noqa: B023
            assert {known[number] for number in found} == names, (q, merchant)
        assert await storage.read(lambda stores: _numbers(stores, q or "退款", "m2")) == [], q  # noqa: B023


async def test_no_search_is_an_error_whatever_is_typed(storage: Storage) -> None:
    await storage.write(_fill)
    for q in HOSTILE:
        for merchant in ("m1", None):
            await storage.read(lambda stores: _numbers(stores, q, merchant))  # noqa: B023


async def test_what_is_said_later_is_found_moves_with_a_merge_and_goes_when_it_is_taken_back(storage: Storage) -> None:
    def fill(stores: Stores) -> tuple[int, int]:
        first, second = new_ticket(stores, subject="包裹破损"), new_ticket(stores, subject="second")
        stores.messages.add(message("msg_1", first.number, text="请尽快退款"))
        stores.messages.add(message("msg_2", second.number, text="汇率不对"))
        assert _numbers(stores, "退款 破损") == [first.number], "its words may be in different texts"
        stores.messages.remove(message("msg_2", second.number, text="汇率不对"))
        stores.messages.move(first, second)
        return first.number, second.number

    first, second = await storage.write(fill)
    for q, found in (("退款", [second]), ("破损", [second, first]), ("汇率", []), ("second", [second])):
        assert await storage.read(lambda stores: _numbers(stores, q)) == found, q  # noqa: B023


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_was_said_before_there_was_a_search_is_found_after_the_migration(kind: str, tmp_path, postgres: Postgres) -> None:
    url = f"sqlite:///{tmp_path}/old.db" if kind == "sqlite" else postgres.url(postgres.empty())

    def old(connection: sa.Connection) -> None:
        upgrade(connection, "0010")
        known = {column["name"] for column in sa.inspect(connection).get_columns("tickets")}
        rows = [values_of(ticket(1000 + at, subject=f"退款 {at}"), None) for at in range(1, 6)]
        connection.execute(sa.insert(tickets), [{name: row[name] for name in known} for row in rows])
        connection.execute(sa.text(
            "INSERT INTO messages (merchant_id, ticket, id, author, text, public, created_at, attachments, seq) "
            "SELECT merchant_id, number, 'msg_1', 'buyer', '包裹破损', true, created_at, '[]', 1 FROM tickets WHERE number = 1002"
        ))  # fmt: skip

    await inside(url, old)
    await migrate(url)
    storage = await open_storage(url)
    assert await storage.read(lambda stores: _numbers(stores, "退款")) == [1005, 1004, 1003, 1002, 1001]
    assert await storage.read(lambda stores: _numbers(stores, "破损 退款")) == [1002]
    await storage.close()


PIECES = st.sampled_from(["退", "款", "延", "迟", "a", "b", "refund", "R", " ", "-", "1", "คืน", "é", "。", "%", '"', "　", "ｅ"])


@given(st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=4).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_word_that_its_grams_say_is_there_is_there(text: str, said: str) -> None:
    there = plain(text)
    kept = set(grams(there))
    for word in words(said):
        *whole, last = word.grams
        begun = any(gram.startswith(last) for gram in kept) if word.prefix else last in kept
        if word.certain and begun:
            assert word.plain in there
        if f" {word.plain} " in f" {there} ":
            assert begun
            assert kept.issuperset(whole)
