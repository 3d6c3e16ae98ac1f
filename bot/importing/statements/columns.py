"""What a statement's columns are called, in English and Chinese; and what kinds of line it may have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.errors import BadUsage

# A field's own name first; blanks, signs, case and what stands in brackets make no difference.
NAMES: Mapping[str, tuple[str, ...]] = {
    "transaction_id": (
        "transaction id", "transaction no", "transaction number", "transaction reference", "txn id", "payment id", "payment intent id",
        "payment intent", "payment transaction id", "charge id", "交易号", "交易单号", "交易流水号", "交易编号", "支付流水号",
        "支付单号", "平台交易号", "渠道流水号", "流水号",
    ),
    "order_no": (
        "order no", "order number", "order id", "merchant order id", "merchant order no", "merchant reference", "order reference",
        "订单号", "订单编号", "商户订单号", "商家订单号", "商户单号",
    ),
    "refund_id": ("refund id", "refund no", "refund number", "payment refund id", "退款单号", "退款流水号", "退款编号", "商户退款单号"),
    "line_id": (
        "line id", "settlement id", "entry id", "balance transaction id", "settlement line id", "明细编号", "明细号", "账务流水号",
        "记账流水号", "结算明细号", "结算单号",
    ),
    "type": (
        "type", "transaction type", "line type", "entry type", "类型", "交易类型", "业务类型", "账务类型", "明细类型",
    ),
    "gross": (
        "gross", "gross amount", "amount", "transaction amount", "order amount", "金额", "交易金额", "订单金额", "支付金额", "原始金额",
        "毛额", "总额",
    ),
    "fee": ("fee", "fees", "fee amount", "total fee", "commission", "手续费", "服务费", "手续费金额", "费用"),
    "net": (
        "net", "net amount", "settlement amount", "settled amount", "payout amount", "净额", "结算金额", "到账金额", "入账金额", "实收金额",
        "清算金额",
    ),
    "currency": ("currency", "transaction currency", "order currency", "币种", "币别", "货币", "交易币种", "订单币种"),
    "settlement_currency": ("settlement currency", "settled currency", "payout currency", "结算币种", "到账币种", "入账币种", "清算币种"),
    "exchange_rate": ("exchange rate", "fx rate", "汇率", "结算汇率", "兑换汇率"),
    "settled_at": (
        "settled at", "settlement date", "settlement time", "settled date", "settled time", "结算时间", "结算日期", "入账时间", "入账日期",
        "到账时间", "到账日期", "清算日期", "清算时间",
    ),
    "shop_id": ("shop id", "shop", "store id", "店铺", "店铺编号"),
}  # fmt: skip
TYPES: Mapping[str, tuple[str, ...]] = {
    "payment": (
        "payment", "payments", "charge", "sale", "capture", "purchase", "order", "pay", "支付", "付款", "收款", "交易", "消费", "销售",
        "订单", "收单", "买家付款", "交易付款", "在线支付",
    ),
    "refund": ("refund", "refunds", "payment refund", "reversal", "partial refund", "full refund", "退款", "部分退款", "全额退款"),
    "fee": ("fee", "fees", "service fee", "transaction fee", "refund fee", "commission", "手续费", "服务费", "交易手续费", "费用", "收费"),
    "other": (
        "other", "payout", "transfer", "withdrawal", "adjustment", "chargeback", "dispute", "reserve", "reserve release", "topup",
        "settlement", "tax", "其他", "提现", "出款", "划款", "转账", "调整", "调账", "拒付", "争议", "保证金",
        "保证金释放", "充值", "结算", "税",
    ),
}  # fmt: skip
TOTALS = ("合计", "总计", "小计", "汇总", "total", "subtotal", "grand total", "sum", "#")  # what a line begins with that is none
LONGEST = 100  # characters of a name that are looked at
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_SIGNS = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """As names are compared."""
    narrow = unicodedata.normalize("NFKC", name[:LONGEST]).lower()
    return _SIGNS.sub("", _BRACKETS.sub("", narrow))


_FIELDS = {plain(each): field for field, names in NAMES.items() for each in (field, *names)}
_TYPES = {plain(each): kind for kind, names in TYPES.items() for each in names}


def fields(names: Iterable[str]) -> dict[str, str]:
    """Column → field. Raises BadUsage where two columns mean the same, or one is missing; a column that means nothing here is left out."""
    found: dict[str, str] = {}
    for name in names:
        field = meant(name)
        if field is None:
            continue
        if field in found.values():
            other = next(each for each, meant in found.items() if meant == field)
            raise BadUsage("statement_columns_twice", field=name[:80], column=name[:80], other=other[:80], meant=field)
        found[name] = field
    there = set(found.values())
    lacking = [field for field in ("gross", "currency") if field not in there]
    if not there & {"transaction_id", "order_no"}:
        lacking.insert(0, "transaction_id")
    if lacking:
        raise BadUsage("statement_columns_missing", field=lacking[0], columns=", ".join(f"{each} ({NAMES[each][-1]})" for each in lacking))
    return found


def meant(name: str) -> str | None:
    """The field that a column of this name is, if any."""
    return _FIELDS.get(plain(name))


def kind(word: str) -> str | None:
    """payment, refund, fee or other; None for a word that is not known."""
    return _TYPES.get(plain(word))
