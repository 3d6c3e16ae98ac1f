"""What is exported runs in no spreadsheet, shows no buyer, and comes in again as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing.rows import flat
from bot.importing.writing import cells
from bot.messages import NewTicket, Put
from bot.spreadsheet import guarded, unguarded
from tests.databases import SqliteFiles
from tests.importing.desks import all_orders, all_tickets, desk, exported, taken

ODD = ["=1+1", "+65", "-1", "@x", "\tx", " =x", "＝x", "'=x", "''=x", "'x", 'a "b", c', "两\n行", "json:1", "\u200b=x"]
ORDER: dict[str, Any] = {
    "total": {"amount": "12.34", "currency": "SGD"}, "buyer": {"email": "mei@example.com", "phone": "+65 6123 4567"},
    "payment": {"provider": "uqpay", "channel_id": "C1", "transaction_id": "T1", "paid_at": "2026-11-01T08:00:00.000Z"},
}  # fmt: skip


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1) | st.sampled_from(ODD))
def test_no_cell_can_be_run_and_every_cell_comes_back(text: str) -> None:
    shown = guarded(text)
    assert shown.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert shown[0] not in "\t\r\n\0"
    if not (text.startswith('="') and text.endswith('"')):
        assert unguarded(shown) == text


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_what_was_exported_comes_in_on_an_empty_desk_as_the_same_documents(
    database_url: str, sqlite_files: SqliteFiles, tmp_path: Any, form: str
) -> None:
    (tmp_path / "other").mkdir()
    async with desk(database_url) as here:
        await here.desk.configure(Put("orders", "lights-sg/SP-1", ORDER))
        for text in ODD:
            fields = {"note": text if text.strip() else "x", "size": 38, "gift": True, "seven": "7"}
            buyer = {"name": "Tan Wei", "phone": "+65 6123 4567", "locale": "en"}
            await here.desk.open(
                NewTicket(
                    "lights-sg", text.replace("\n", " ").replace("\t", " "), text, "SP-1", buyer, "refund_delay", custom_fields=fields
                )
            )
        old = "external_id,shop_id,subject,message,state,created_at,closed_at\n"
        old += "z,lights-sg,S,M,closed,2026-01-05T08:00:00Z,2026-01-06T08:00:00Z\ny,lights-sg,S,M,open,2026-01-05T08:00:00Z,\n"
        await taken(here, old)
        tickets, orders = await all_tickets(here), await all_orders(here)
        texts = [await exported(here, what, form) for what in (("orders", "tickets") if form == "csv" else ("all",))]
        assert not any("6123 4567" in text or "mei@example" in text for text in texts)
        assert await exported(here, "tickets", "jsonl", "other") == ""
        for text in texts:  # our own coming back is known
            assert (await taken(here, text))[0].added == 0
    async with desk(sqlite_files.migrated(tmp_path / "other")) as there:
        for text in texts:
            job, said = await taken(there, text)
            assert (job.bad, said) == (0, [])
        assert await all_orders(there) == orders
        apart = {"number": 0, "risk": None}  # what is risky was found on that desk, by other tickets of its own
        assert [{**doc, **apart} for doc in await all_tickets(there)] == [{**doc, **apart} for doc in tickets]


def test_a_documents_cells_stand_under_dotted_names() -> None:
    doc = {"a": {"b": "=1"}, "custom_fields": {"size": 38}, "also": ["x", "y"], "none": None}
    assert flat(doc) == {"a.b": "=1", "custom_fields.size": 38, "also": ["x", "y"]}
    assert cells(doc, ["also", "a.b", "custom_fields.size", "none"]) == ["x|y", "'=1", "json:38", ""]
