"""A notice as a mail: what people read, and what nobody can inject."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Field, Quote
from bot.messages import Address
from handlers.email.clean import one_line
from handlers.email.mail import mail, mailbox
from tests.email_.samples import AT, CARDS, notice

SENDER = mailbox("德铃 Desk <desk@deskbell.example>")
HOSTILE = "<!channel> <@U1> </td><script>alert(1)</script>\r\nBcc: all@evil.example\r\n\r\nHello \x00\u202egnp.exe\u202c & \"' \ud800"


def arrived(message: EmailMessage) -> EmailMessage:
    """The mail after its way over the wire."""
    raw = message.as_bytes()
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_both_parts_say_everything_on_the_card_and_what_to_type_for_its_buttons(locale):
    message = arrived(mail(notice(locale), SENDER, AT))
    card = CARDS[locale]
    words = [card.title, *card.lines, card.footer, *(each.words for each in card.buttons)]
    words += [text for each in card.fields for text in (each.label, each.value)]
    words += [line for each in card.quotes for line in (each.author, *each.text.splitlines())]
    for kind in ("plain", "html"):
        body = part(message, kind)
        assert [word for word in words if word not in body] == []


def test_a_language_beyond_zh_and_en_is_written_in_english():
    assert "Sent automatically" in part(arrived(mail(notice(locale="fr", card=CARDS["en"]), SENDER, AT)), "plain")


def test_its_headers_tell_machines_that_a_machine_wrote_it():
    message = arrived(mail(notice(), SENDER, AT))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] is None
    assert message["Date"].datetime == AT
    assert message["To"] == "ops@merchant.example"
    assert message["From"].addresses[0].display_name == "德铃 Desk"
    assert message["From"].addresses[0].addr_spec == "desk@deskbell.example"


def test_the_same_notice_has_the_same_message_id_however_often_it_is_sent():
    first, second = (mail(notice(again=again), SENDER, AT) for again in (False, True))
    assert first["Message-ID"] == second["Message-ID"] == "<dlv_01abc@deskbell.example>"
    assert mail(notice(id="dlv_2"), SENDER, AT)["Message-ID"] != first["Message-ID"]


def test_mails_of_one_ticket_answer_its_first_mail():
    message = arrived(mail(notice(thread={"message_id": "<dlv_first@deskbell.example>"}), SENDER, AT))
    assert message["In-Reply-To"] == message["References"] == "<dlv_first@deskbell.example>"


@pytest.mark.parametrize("thread", [None, {}, {"ts": "1.2"}, {"message_id": "<a@b>\r\nBcc: x@y"}, {"message_id": "no id"}])
def test_a_thread_it_does_not_know_adds_no_header(thread):
    message = arrived(mail(notice(thread=thread), SENDER, AT))
    assert message["References"] is None
    assert message["Bcc"] is None


@pytest.mark.parametrize("id", ["x" * 300, "a\r\nBcc: x@y.example", "注意", "a b<c>", ""])
def test_an_odd_id_still_makes_a_well_formed_message_id(id):
    message = arrived(mail(notice(id=id), mailbox(f"desk@{'long.' * 30}example"), AT))
    assert str(message["Message-ID"]).startswith("<")
    assert " " not in str(message["Message-ID"])
    assert message["Bcc"] is None


def test_hostile_text_in_every_place_stays_text():
    card = Card(HOSTILE, "alarm", (HOSTILE,), (Field(HOSTILE, HOSTILE),), (Quote(HOSTILE, HOSTILE),), (Button(HOSTILE, HOSTILE),), HOSTILE)
    message = arrived(mail(notice(card=card, text=HOSTILE), SENDER, AT))
    assert message["Bcc"] is None
    assert sorted(set(message.keys())) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To", "X-Auto-Response-Suppress",
    ]  # fmt: skip
    html, text = part(message, "html"), part(message, "plain")
    assert "<script" not in html
    assert "<!channel>" not in html
    assert html.count("</td>") == html.count("<td")
    assert not set(html + text) & set("\x00\u202e\u202c\ud800")


ANY = st.text(st.characters(exclude_categories=()), max_size=400) | st.text('\r\n \t<>=?_"\\,;:@é长👩\u200d\x85\u2028', max_size=400)


@settings(max_examples=200, deadline=None)
@given(ANY, ANY, ANY)
def test_no_text_whatever_adds_a_header_or_breaks_the_mail(subject, said, name):
    sender = replace_name(SENDER, name)
    message = arrived(mail(notice(text=subject, card=Card(said, lines=(said,), quotes=(Quote(said, said),))), sender, AT))
    assert set(message.keys()) <= {
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To", "X-Auto-Response-Suppress",
    }  # fmt: skip
    assert [each.addr_spec for each in message["From"].addresses] == ["desk@deskbell.example"]
    assert [each.addr_spec for each in message["To"].addresses] == ["ops@merchant.example"]
    assert part(message, "html").count("<blockquote") == 1


def replace_name(sender, name):
    """A sender as a setting with that name would make it."""
    return Mailbox(one_line(name, 100), sender.username, sender.domain)


@pytest.mark.parametrize("subject", ["长" * 5_000, "x" * 5_000, "word " * 2_000, "é" * 300, "👩‍👩‍👧" * 300, "\x85\u2028\x0b", ""])
def test_an_over_long_or_odd_subject_is_cut_and_folded(subject):
    message = arrived(mail(notice(text=subject), SENDER, AT))
    shown = str(message["Subject"])
    assert 1 <= len(shown) <= 201
    assert "\n" not in shown


def test_fifty_thousand_characters_do_not_make_an_endless_mail():
    card = Card("T-1", lines=("x" * 50_000,), fields=(Field("x" * 50_000, "长" * 50_000),), quotes=(Quote("b", "长" * 50_000),))
    message = mail(notice(card=card), SENDER, AT)
    assert len(message.as_bytes()) < 100_000
    assert "cut; the whole text is in the ticket" in part(arrived(message), "plain")


def test_a_letter_to_a_buyer_holds_what_the_agent_wrote_and_nothing_of_the_desk():
    said = 'Dear Ms Tan,\n\nYour refund of SGD 12 < 20 & "fees" is on its way.\nBest, Mei'
    subject = "Re: Broken lamp [T-1024]"
    files = [{"name": "proof.pdf", "url": "https://files.example/1"}, {"name": "bad", "url": "javascript:alert(1)"}]
    letter = notice(
        kind="reply", text=subject, card=Card(subject, "info", (said,)), address=Address("email", "tan@buyer.example"),
        data={"ticket": "T-1024", "attachments": files},
    )  # fmt: skip
    message = arrived(mail(letter, SENDER, AT))
    text, html = part(message, "plain"), part(message, "html")
    assert message["Subject"] == subject
    assert text == f"{said}\n\nAttachments:\nproof.pdf https://files.example/1\nbad\n"
    assert "12 &lt; 20 &amp; " in html
    assert "Deskbell" not in html
    assert message["Auto-Submitted"] is None
    assert message["References"] == "<buyer.T-1024@deskbell.example>"


def test_a_long_letter_reaches_its_buyer_whole():
    said = "\n".join(f"line {number}" for number in range(2_000))
    letter = notice(kind="reply", text="Re: x", card=Card("Re: x", "info", (said,)))
    assert "line 1999" in part(arrived(mail(letter, SENDER, AT)), "plain")


@pytest.mark.parametrize(
    "target",
    [
        "", "nobody", "@x.example", "a@", "a@b@", "a b@x.example", "a@x example", "a@x.example\r\nBcc: b@y.example",
        "a@x.example, b@y.example", "<a@x.example>, b@y.example", "Ann <a@x.example>",
        "a@x.example\r\nRCPT TO:<b@y.example>", "a@-x.example", "ä@x.example", "a@x..example", "a" * 65 + "@x.example", "a@" + "x" * 300,
        "a@\x00.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_repeated(target):
    with pytest.raises(ValueError, match=r"^not an e-mail address that can be written to$"):
        mail(replace(notice(), address=Address("email", target)), SENDER, AT)


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("a@x.example", "a@x.example"),
        ("A.b+c@x-y.example", "A.b+c@x-y.example"),
        ("ops@店铺.example", "ops@xn--hxtq42j.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_addresses_are_written_as_mail_wants_them(target, written):
    assert mailbox(target).addr_spec == written


def test_a_card_less_notice_is_its_one_line():
    assert "just this" in part(arrived(mail(replace(notice(), card=None, text="just this"), SENDER, AT)), "plain")
