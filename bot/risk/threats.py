"""What a buyer threatens with, in words: to have the bank take the money back, or to go to court, the police or a consumer body."""

from __future__ import annotations

import re
import unicodedata

_BANK = (
    r"charge ?-?backs?",
    r"(?:dispute|reverse) (?:this |the |it |my |that )?(?:charge |payment |transaction )?(?:with|through|via) (?:my|the) (?:bank|card)",
    r"(?:call|calling|contact|contacting|tell|go(?:ing)? to) (?:my|the) (?:bank|credit card|card (?:issuer|company))",
    r"report (?:this|it|you) to (?:my|the) bank",
    r"(?:open|file) a (?:paypal |bank )?(?:dispute|claim)",
    "拒付", "拒絕付款", "撤销(?:这笔)?(?:交易|付款|支付)",
    "(?:找|联系|聯繫|打电话给|告诉|通知|让|讓|向)(?:我的)?(?:发卡|發卡)?(?:银行|銀行|信用卡中心)",
    r"\bjufu\b", r"zhao yinhang",
    r"(?:hubungi|telefon|lapor(?:kan)?(?: ini)?(?: ke| kepada)?|komplain ke) (?:pihak )?bank",
    r"tarik (?:balik|kembali) (?:duit|dana|uang|wang)", r"batalkan transaksi (?:lewat|melalui) bank",
    "แจ้งธนาคาร", "ติดต่อธนาคาร", "ปฏิเสธการ(?:ชำระ|จ่าย)", "ให้ธนาคาร",
)  # fmt: skip
_LAW = (
    r"\blawyers?\b", r"\bsue (?:you|them)\b", r"legal action", r"small claims", r"\b(?:to|call) the police\b",
    r"consumer (?:protection|tribunal|council)",
    "律师", "律師", "起诉", "起訴", "法院", "报警", "報警", "12315", "消协", "消協", "消费者协会", "曝光", r"\btousu\b",
    r"lapor(?:kan)? (?:ke |kepada )?polis", r"\bpeguam\b", r"\bpengacara\b", r"tribunal pengguna", r"\bylki\b", r"\bkpdn\b",
    "แจ้งความ", "ฟ้อง", "สคบ", "ทนาย",
)  # fmt: skip
_THREATS = (("chargeback_threat", re.compile("|".join(_BANK))), ("complaint_threat", re.compile("|".join(_LAW))))
LONGEST = 20_000  # characters that are looked at


def threats(*texts: str) -> dict[str, str]:
    """Hint → the words that say so, each once; the texts are whatever was said."""
    found: dict[str, str] = {}
    for text in texts:
        said = " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).casefold().split())
        for hint, pattern in _THREATS:
            match = pattern.search(said)
            if match is not None:
                found.setdefault(hint, match[0])
    return found
