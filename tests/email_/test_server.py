"""SMTP_URL, as it is written and as it is mistyped."""

from __future__ import annotations

import pytest
from aiosmtplib import SMTPResponseException

from bot.errors import BadSetting
from handlers.email.server import Server, server


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://mail.example", Server("smtp", "mail.example", 25)),
        ("smtps://mail.example/", Server("smtps", "mail.example", 465)),
        ("smtp+starttls://mail.example", Server("smtp+starttls", "mail.example", 587)),
        ("smtp://u:p@mail.example:2525", Server("smtp", "mail.example", 2525, "u", "p")),
        ("smtps://me%40qq.com:a%2Fb%3A%40%23%25@smtp.qq.com", Server("smtps", "smtp.qq.com", 465, "me@qq.com", "a/b:@#%")),
        ("smtp://u@[::1]:25", Server("smtp", "::1", 25, "u", "")),
        ("smtp://u:%E5%AF%86%E7%A0%81@h", Server("smtp", "h", 25, "u", "密码")),
    ],
)
def test_a_url_names_host_port_and_login(url, read):
    assert server(url) == read


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "http://mail.example",
        "smtp://u:hunter2@",
        "smtp://u:hunter2/x@host",
        "smtp://h:99999",
        "smtp://u:hunter2#x@host",
        "smtp://h:x",
    ],
)
def test_a_mistyped_url_names_the_variable_and_shows_nothing_of_itself(url):
    with pytest.raises(BadSetting, match="DESKBELL_SMTP_URL: write smtp://") as wrong:
        server(url)
    assert "hunter2" not in str(wrong.value)


def test_a_server_hides_its_login_wherever_it_is_shown():
    there = server("smtp://me:hunter2@mail.example")
    told = there.told(SMTPResponseException(550, "5.1.1 <buyer@home.example>: no,\r\nme AG1lAGh1bnRlcjI= hunter2 " + "x" * 900))
    for secret in ("hunter2", "AG1lAGh1bnRlcjI=", "buyer@home.example"):
        assert secret not in told + repr(there)
    assert told.startswith("550 5.1.1 <<address>>: no, ***")
    assert len(told) < 250
