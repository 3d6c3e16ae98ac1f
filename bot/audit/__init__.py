"""The audit log's rules: what an entry is, the tree that proves it, the note that is signed, the file that is exported. No I/O."""

from bot.audit.entries import DONE, REFUSED, Noted, canonical, commitment, salt
from bot.audit.tree import Grown, grown, leaf_hash, root

__all__ = ["DONE", "REFUSED", "Grown", "Noted", "canonical", "commitment", "grown", "leaf_hash", "root", "salt"]
