"""Settings: defaults of the contract, and a wrong one names itself and never shows its value."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import BadSetting
from bot.settings import Settings, duration, read


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("2h", 7200), ("3d", 259200), ("1h30m", 5400), ("PT2H", 7200), ("P1DT12H", 129600), ("0", 0)],
)
def test_durations_read_as_people_write_them(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "2", "h", "-2h", "2 hours", "P", "PT", "1e9d", "99999999999d", "２h", "1h 30m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        duration(text)


def test_defaults_are_the_contracts() -> None:
    settings = read({})
    assert settings == Settings()
    assert (settings.sla_tier1, settings.sla_tier2, settings.sla_tier3) == tuple(timedelta(hours=h) for h in (2, 24, 72))
    assert (settings.sla_warn, settings.provider, settings.base_url) == ((0.5, 0.8), ("uqpay",), "http://127.0.0.1:8080")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "70000"), ("SLA_TIER1", "soon"), ("SLA_TIER1", "0"), ("SLA_WARN", "1.5"), ("SLA_WARN", "half"),
        ("LOCALE", "fr"), ("TIMEZONE", "Mars/Olympus"), ("RETENTION", "179d"), ("ROLE", "boss"), ("DATABASE_URL", "mysql://secret@h/d"),
        ("REDIS_URL", "http://secret@h"), ("FIRST_RESPONSE_BY", "luck"), ("NO_SUCH", "1"), ("SMTP_URL", "ftp://secret@h"),
        ("REFUND_CHECK_FAILS", "maybe"), ("WEBHOOK_ALLOW_PRIVATE", "perhaps"), ("SMTP_URL", "smtp://u:secret@h:25"), ("SLA_TIER2", "1h"),
    ],
)  # fmt: skip
def test_a_wrong_value_names_its_variable_and_keeps_its_secret(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as wrong:
        read({f"DESKBELL_{name}": value})
    line = str(wrong.value)
    assert "DESKBELL_" in line
    assert "\n" not in line
    assert "secret" not in line


def test_an_empty_value_is_not_set_but_no_warnings_can_be_asked_for() -> None:
    settings = read({"DESKBELL_SLACK_CHANNEL": " ", "DESKBELL_SLA_WARN": ""})
    assert settings.slack_channel is None
    assert settings.sla_warn == ()


def test_what_is_printed_of_settings_holds_no_secret() -> None:
    settings = read(
        {"DESKBELL_SLACK_BOT_TOKEN": "xoxb-hush", "DESKBELL_ADMIN_TOKEN": "hush-hush", "DESKBELL_DATABASE_URL": "postgresql://u:hush@h/d"}
    )
    assert "hush" not in repr(settings)
