"""What of a text can be looked up: words where they are spaced, and one and two characters together where they are not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Scripts without spaces between words (Thai to Khmer, kana, Han), and Korean, whose words end in what nobody types.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORDS, _ASCII, _PLACED = re.compile(f"[^\\W_{_UNSPACED}]+"), re.compile("[a-z0-9]+"), re.compile(f"[{_UNSPACED}]+")
_SAID = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = {ord(each): '"' for each in "“”„«»「」『』"}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKS = ".,!?;:。、…·"  # around a word they are the sentence's
LONGEST = 40  # characters of a word that are looked at: an index takes no longer ones
MOST_WORDS, MOST_CHARACTERS = 10, 200  # of a search
PREFIX = 3  # a word of so many letters finds what begins with it; shorter ones would find nearly everything


@dataclass(frozen=True, slots=True)
class Word:
    """One thing looked for: all of `grams` are in the text, the last one as the beginning of a word where `prefix`.

    Then `plain` itself must be there, where its grams alone do not say so.
    """

    plain: str
    grams: tuple[str, ...]
    prefix: bool

    @property
    def certain(self) -> bool:
        """Whether its gram says all: nothing is left to compare."""
        return self.grams == (self.plain,)


def plain(text: str) -> str:
    """As texts are compared: full-width characters, cases and controls made one."""
    return unicodedata.normalize("NFKC", _CONTROLS.sub(" ", text)).casefold()


def grams(text: str) -> list[str]:
    """Of a `plain` text, each once. Letters and digits only: nothing in them means anything to a database's own syntax."""
    if text.isascii():
        return [word[:LONGEST] for word in dict.fromkeys(_ASCII.findall(text))]
    found = dict.fromkeys(word[:LONGEST] for word in _WORDS.findall(text))
    for run in _PLACED.findall(text):
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(map(str.__add__, run, run[1:])))
    return list(found)


@lru_cache(maxsize=1000)
def merchant_gram(merchant_id: str) -> str:
    """Stands among a text's grams, so that a merchant's search reads no other's."""
    return f"m{merchant_id.encode().hex()}"


def words(q: str) -> list[Word]:
    """What a search looks for: each word, or what stands between quotes, all of them. Signs alone look for nothing."""
    said = _SAID.findall(plain(q.translate(_QUOTES))[:MOST_CHARACTERS])
    found = [_word(" ".join((quoted or single).split()).strip(_MARKS)) for quoted, single in said[:MOST_WORDS]]
    return [each for each in found if each is not None]


def _word(said: str) -> Word | None:
    runs = _RUNS.findall(said)
    if not runs:
        return None
    last = runs[-1]
    spaced = not _IS_UNSPACED.match(last)
    cut = len(last) > LONGEST
    prefix = spaced and not cut and (len(last) >= PREFIX or len(runs) > 1) and said.endswith(last)
    needed = [gram for run in runs for gram in _of(run)]
    return Word(said, (*dict.fromkeys(needed[:-1]), needed[-1]), prefix)


def _of(run: str) -> list[str]:
    if not _IS_UNSPACED.match(run):
        return [run[:LONGEST]]
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
