"""Every sentence the bot says, in English and Chinese: say(key, locale, **params)."""

from __future__ import annotations

from bot.wording import (
    admins,
    answers,
    custom,
    desks,
    endings,
    figures,
    files,
    forms,
    labels,
    notices,
    paying,
    policies,
    refusals,
    reports,
    revealing,
    risk,
    statements,
    translations,
)

SENTENCES: dict[str, tuple[str, str]] = {
    **labels.SENTENCES,
    **answers.SENTENCES,
    **custom.SENTENCES,
    **desks.SENTENCES,
    **forms.SENTENCES,
    **notices.SENTENCES,
    **endings.SENTENCES,
    **refusals.SENTENCES,
    **reports.SENTENCES,
    **revealing.SENTENCES,
    **risk.SENTENCES,
    **figures.SENTENCES,
    **files.SENTENCES,
    **statements.SENTENCES,
    **translations.SENTENCES,
    **paying.SENTENCES,
    **policies.SENTENCES,
    **admins.SENTENCES,
}


def say(key: str, locale: str, **params: object) -> str:
    """The sentence of that key in `zh` or `en` (anything else is read as English). Raises KeyError for a key that is not there."""
    english, chinese = SENTENCES[key]
    return (chinese if locale == "zh" else english).format(**params)


def label(kind: str, value: str, locale: str) -> str:
    """The name of a state, category, priority, role, platform or tier's target; what has no name is shown as it is."""
    found = SENTENCES.get(f"{kind}.{value}")
    return value if found is None else found[1 if locale == "zh" else 0]
