"""The demo's invented world, as data: merchants, shops, people, orders, and what buyers write."""

from __future__ import annotations

from typing import Any

CAST = (("mei-lin", "agent"), ("chen-wei", "lead"), ("sara-tan", "senior_manager"))  # who the visitor can be, in this order
HOOK = ("https://erp.lumen-home.example/hooks/deskbell", ("*",))
_READY: dict[str, Any] = {
    "onboarding": {"kyc_verified": True, "settlement_accounts": [{"kind": "cn_corporate", "country": "CN"}], "api_key_version": "2.1"},
    "retention_days": 180, "archive": {"enabled": True}, "privacy": {"gdpr_mode": True},
}  # fmt: skip

MERCHANTS: dict[str, dict[str, Any]] = {
    "lumen": {
        **_READY, "name": "流明家居 Lumen Home", "timezone": "Asia/Shanghai", "locale": "zh", "registered_in": "CN",
        "legal_representative": {"name": "李明", "phone": "+86 138 0000 0001"},
        "notify": {"emails": ["service@lumen-home.example"], "slack_channel": "#after-sales"},
    },
    "harbour": {
        **_READY, "name": "Harbour & Pine", "timezone": "Asia/Singapore", "locale": "en", "registered_in": "SG",
        "onboarding": {
            "kyc_verified": True, "settlement_accounts": [{"kind": "sg_local", "country": "SG"}], "api_key_version": "2.1",
        },
        "legal_representative": {"name": "Rachel Ong", "phone": "+65 8000 0002"},
        "notify": {"emails": ["care@harbour-pine.example"], "slack_channel": "#after-sales-sg"}, "buyer_mail": True,
    },
}  # fmt: skip

SHOPS: dict[str, dict[str, Any]] = {
    "lumen-shopee": {"merchant_id": "lumen", "platform": "shopee", "name": "Lumen Home on Shopee"},
    "lumen-tiktok": {"merchant_id": "lumen", "platform": "tiktok_shop", "name": "流明家居 TikTok Shop"},
    "lumen-pay": {"merchant_id": "lumen", "platform": "uqpay_gateway", "name": "流明家居官网"},
    "harbour-shopify": {"merchant_id": "harbour", "platform": "shopify", "name": "harbour-pine.example"},
    "harbour-lazada": {"merchant_id": "harbour", "platform": "lazada", "name": "Harbour & Pine on Lazada"},
}

PEOPLE: dict[str, dict[str, Any]] = {
    "mei-lin": {
        "name": "Mei Lin 林梅", "role": "agent", "merchant_id": "lumen", "slack_user_id": "U0MEILIN", "wecom_user_id": "meilin",
        "email": "mei.lin@lumen-home.example", "locale": "zh",
    },
    "chen-wei": {
        "name": "Chen Wei 陈伟", "role": "lead", "merchant_id": "lumen", "slack_user_id": "U0CHENWEI", "wecom_user_id": "chenwei",
        "email": "chen.wei@lumen-home.example", "locale": "zh",
    },
    "sara-tan": {
        "name": "Sara Tan", "role": "senior_manager", "slack_user_id": "U0SARATAN", "email": "sara.tan@operator.example",
        "locale": "en",
    },
    "priya-nair": {
        "name": "Priya Nair", "role": "agent", "merchant_id": "harbour", "slack_user_id": "U0PRIYA",
        "email": "priya@harbour-pine.example", "locale": "en",
    },
    "noah-admin": {"name": "Noah Lim", "role": "admin", "email": "noah.lim@operator.example", "locale": "en"},
}  # fmt: skip


def _order(total: str, channel: str, transaction: str, name: str, locale: str, email: str = "") -> dict[str, Any]:
    amount, currency = total.split()
    payment = {"provider": "uqpay", "channel_id": channel, "transaction_id": transaction, "paid_at": "2026-11-18T03:12:00Z"}
    buyer = {"name": name, "locale": locale, **({"email": email} if email else {})}
    return {"total": {"amount": amount, "currency": currency}, "payment": payment, "buyer": buyer}


ORDERS: dict[str, dict[str, Any]] = {
    "lumen-shopee/SP-20418": _order("318.00 CNY", "uq-cn-01", "UQ88213001", "王芳", "zh", "wangfang@mail.example"),
    "lumen-shopee/SP-20533": _order("86.50 SGD", "uq-sg-02", "UQ88213117", "Aisyah Rahman", "en", "aisyah@mail.example"),
    "lumen-tiktok/TT-77120": _order("129.90 CNY", "uq-cn-01", "UQ88213420", "赵磊", "zh"),
    "lumen-tiktok/TT-77121": _order("129.90 CNY", "uq-cn-01", "UQ88213421", "赵磊", "zh"),
    "lumen-pay/WEB-3307": _order("1299.00 HKD", "uq-hk-01", "UQ88213555", "陈嘉欣", "zh", "kayan@mail.example"),
    "harbour-shopify/HP-1042": _order("64.00 SGD", "uq-sg-01", "UQ88213777", "Daniel Koh", "en", "daniel@mail.example"),
    "harbour-shopify/HP-1057": _order("212.40 USD", "uq-sg-01", "UQ88213802", "Emma Wright", "en", "emma@mail.example"),
    "harbour-lazada/LZ-55871": _order("39.90 SGD", "uq-sg-03", "UQ88213900", "Nurul Huda", "en"),
}


def _ticket(order: str, category: str, subject: str, message: str, priority: str = "normal") -> dict[str, Any]:
    shop, _, number = order.partition("/")
    return {
        "shop_id": shop, "order_no": number, "category": category, "subject": subject, "message": message, "priority": priority,
    }  # fmt: skip


FIRST = 2  # so many are there at once, one per merchant; the others come one by one
TICKETS: tuple[dict[str, Any], ...] = (
    _ticket(
        "lumen-shopee/SP-20418", "refund_delay", "退款已经一周还没到账",
        "你好，我上周三申请的退款到现在还没到账，银行说没有收到任何记录。麻烦尽快帮我查一下，谢谢！",
    ),
    _ticket(
        "harbour-shopify/HP-1042", "not_received", "Parcel marked delivered, nothing arrived",
        "Tracking says it was left at my door on Friday. My door camera shows nobody came. Can you please look into this?", "high",
    ),
    _ticket(
        "lumen-tiktok/TT-77120", "duplicate_charge", "同一笔订单扣了两次款",
        "我只下了一单，信用卡却被扣了两次 129.90 元，请把多扣的退给我。",
    ),
    _ticket(
        "lumen-shopee/SP-20533", "not_as_described", "Lamp is warm white, I ordered daylight",
        "The listing says 6500K daylight but what I got is clearly warm white. I would like to exchange it.",
    ),
    _ticket(
        "lumen-pay/WEB-3307", "fx_dispute", "港币结算金额与下单时不一致",
        "下单显示 1,299 港币，账单却是 1,352 港币，汇率是按哪天算的？请解释一下差额。",
    ),
    _ticket(
        "harbour-shopify/HP-1057", "chargeback_alert", "My bank opened a dispute for this order",
        "I did not recognise the name on my statement and called my bank. They opened a dispute. Is there a way to stop it?", "urgent",
    ),
    _ticket(
        "lumen-tiktok/TT-77121", "unauthorized_payment", "这笔付款不是我本人操作",
        "今天早上收到扣款短信，但我没有下过这个订单，怀疑卡被盗刷，请马上冻结并退款。", "urgent",
    ),
    _ticket(
        "harbour-lazada/LZ-55871", "refund_request", "Ordered the wrong size, please refund",
        "I ordered M by mistake. It has not shipped yet, could you cancel and refund it?", "low",
    ),
    _ticket(
        "lumen-shopee/SP-20418", "other", "发票抬头可以改吗",
        "请问电子发票的抬头能改成公司名称吗？需要报销用。", "low",
    ),
)  # fmt: skip
