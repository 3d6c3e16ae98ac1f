"""The key that signs the audit log's heads, and certificates: made when it is first wanted, never out of the vault in the clear."""

from __future__ import annotations

from bot.house import House
from bot.stores import Stores
from bot.stores.audit import Log

_KEY = "audit_state|key|-"


def begun(stores: Stores, house: House, *, lock: bool = False) -> Log:
    """The log. `lock`: nobody else seals until this transaction ends."""
    log = stores.audit.log(lock=lock)
    if log is None:
        stores.audit.begin(*house.vault.new_key(_KEY))
        log = stores.audit.log(lock=lock)
    assert log is not None  # noqa: S101  # begun by us, or by who was faster
    return log


def sign(house: House, log: Log, message: bytes) -> bytes:
    """Ed25519."""
    return house.vault.sign(log.key, _KEY, message)
