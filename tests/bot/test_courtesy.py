"""A word of thanks leaves a resolved ticket resolved; whatever is more than that reopens it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courtesy import is_thanks

THANKS = [
    "thanks", "Thanks!", "THANK YOU", "Thank you so much!", "thx", "ty!", "Many thanks.", "Thanks a lot for your help", "cheers",
    "ok thanks", "Got it, thanks", "I’ve received it, thanks", "Thank you, refund received.", "That's great, thank you!", "thanks 😊",
    "Thank you very much for the quick reply", "Hi, thanks again, have a nice day", "🙏", "👍👍", "Thank you.\nBest regards",
    "谢谢", "谢谢！", "谢谢您", "好的，谢谢", "收到，谢谢", "谢谢，收到了", "非常感谢", "多谢亲", "辛苦了，谢谢", "謝謝", "謝謝您的幫助",
    "谢谢你们，退款已收到", "谢谢，问题解决了", "感谢客服小姐姐", "谢谢啦～～", "谢谢您的耐心回复", "麻烦您了，谢谢",
    "谢谢处理", "感谢及时回复", "退款到账了，谢谢", "谢谢这么快处理", "谢谢🙏", "嗯嗯 谢谢",
    "terima kasih", "Terima kasih banyak kak", "makasih ya", "ok terima kasih", "Terima kasih atas bantuannya",
    "barang sudah diterima, makasih", "Terima kasih tuan, barang dah sampai", "tq", "trima kasih",
    "ขอบคุณ", "ขอบคุณครับ", "ขอบคุณมากค่ะ", "ได้รับของแล้ว ขอบคุณค่ะ", "โอเค ขอบคุณนะคะ", "ขอบคุณ 🙏",
]  # fmt: skip
MORE = [
    "", "   ", "ok", "好的", "received", "hello", "thanks but still not received", "Thank you, but the parcel is broken",
    "thanks, when will it arrive?", "thanks. where is my refund", "Thanks for nothing", "no thanks", "thanks, please call me",
    "Thanks, I want my money back", "Thank you in advance", "refund, thanks", "Thanks. My money!", "thanks, help me", "thanks, help",
    "Thank you. Still waiting.", "thanks, order SP-1 as well", "thanks 2 more are missing", "Thanks for ruining my day", "thanks 😡",
    "thanks https://spam.example", "Thank you, I don't have it yet", "thanks " * 40, "would appreciate a reply",
    "谢谢，但是还没收到", "谢谢，不过颜色错了", "谢谢，请帮我再查一下", "谢谢，什么时候到", "谢谢，可以退款吗", "退款谢谢", "快回复，谢谢",
    "麻烦处理，谢谢", "谢谢，还有一个问题", "谢谢，还没到", "没收到，谢谢", "谢谢，我要投诉", "謝謝，但還沒收到", "谢谢👎",
    "不用谢", "谢谢了，东西坏了", "谢谢，货收到了，钱呢", "收到货了，谢谢，退款", "到了谢谢 钱", "谢谢，问题",
    "谢谢，处理", "谢谢 快", "辛苦快处理",
    "ok good thanks, now my money", "received order, thanks. refund", "thanks, got my parcel now my refund", "great job, thanks, my parcel",
    "thanks, received my order, refund my parcel", "ขอบคุณ ของได้แล้ว เงินคืน",
    "terima kasih, tapi barang belum sampai", "makasih, kapan dikirim", "terima kasih, tolong cek lagi", "terima kasih, barang salah",
    "terima kasih tidak membantu", "ขอบคุณค่ะ แต่ยังไม่ได้รับของ", "ขอบคุณครับ เมื่อไหร่จะได้เงินคืน", "ขอบคุณ ช่วยเช็คอีกที", "ขอบคุณ ได้ไหม",
]  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks_alone_are_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", MORE)
def test_thanks_with_a_but_a_question_a_wish_or_anything_unknown_are_more_than_thanks(text: str) -> None:
    assert not is_thanks(text)


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_what_is_not_thanked_is_never_thanks(text: str) -> None:
    assert not is_thanks(f"{text}?")
