"""What stands before a number says what it is: of the words for an order, a phone, a card …, the nearest in the same clause counts."""

from __future__ import annotations

import re

_REACH = 32  # characters that are looked back at

_WORDS = {
    "thing": (
        r"order|tracking|track|parcel|waybill|awb|shipment|transaction|txn|trx|reference|\bref\b|invoice|sku|item|product|model|serial|imei|"
        r"ticket|case|refund\s*(?:id|no)|payment\s*(?:id|no)|barcode|ean|upc|batch|version|firmware|\bv\b|coupon|voucher|amount|total|price|"
        r"订单|訂單|单号|單號|运单|運單|快递|快遞|物流|流水|交易|商品|货号|貨號|型号|型號|条码|條碼|编号|編號|工单|金额|金額|批次|序列|版本|优惠|發票|发票|退款号|"
        r"pesanan|resi|transaksi|nombor\s*pesanan|penjejakan|invois|faktur|jumlah|barang|kode|kod\b|"
        r"คำสั่งซื้อ|ออเดอร์|พัสดุ|ติดตาม|ธุรกรรม|ใบแจ้งหนี้|สินค้า|ยอด|รหัส|"
        r"usd|sgd|myr|thb|idr|cny|rmb|\brm\b|\brp\b|[$€£¥฿]"
    ),
    "phone": (
        r"phone|mobile|cell|my\s*number|reach\s*me|\btel\b|telp?\b|telephone|call\s*(?:me)?|whats?\s*app|\bwa\b|\bhp\b|handphone|contact|line\s*id|sms|text\s*me|ring|"
        r"手机|手機|电话|電話|联系|聯繫|联络|微信|wechat|\bwx\b|\bvx\b|致电|拨打|telefon|telepon|ponsel|hubungi|nombor\s*tel|no\.?\s*tel|"
        r"โทร|เบอร์|มือถือ|ติดต่อ"
    ),
    "card": r"card|卡号|卡號|信用卡|借记卡|银行卡|銀行卡|visa|mastercard|amex|unionpay|银联|kartu|\bkad\b|บัตรเครดิต|บัตรเดบิต|หมายเลขบัตร",
    "bank": (r"account|acct|a/c|iban|bank|账号|賬號|帐号|帳號|账户|賬戶|银行|銀行|rekening|\bno\.?\s*rek|\brek\b|akaun|บัญชี|ธนาคาร"),
    "id": (
        r"身份证|身份證|证件|證件|identity|national\s*id|\bid\s*(?:card|no|number)|\bnric\b|\bfin\b|\bic\b|mykad|kad\s*pengenalan|\bnik\b|\bktp\b|"
        r"\bssn\b|social\s*security|เลขบัตรประชาชน|บัตรประชาชน|เลขประจำตัวประชาชน|ประจำตัว"
    ),
    "passport": r"passport|护照|護照|paspor|pasport|หนังสือเดินทาง|พาสปอร์ต",
}
_ALL = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()), re.IGNORECASE)
_CLAUSE = re.compile(r"[。；！？;!?\n]|\.\s")
_UNIT = re.compile(r"\s?(?:元|块|usd\b|sgd\b|myr\b|rmb\b|baht\b|บาท|件|pcs\b|%)", re.IGNORECASE)


def said_before(text: str, start: int) -> str:
    """thing phone card bank id passport, or nothing."""
    before = text[max(0, start - _REACH) : start]
    before = _CLAUSE.split(before)[-1]
    last = ""
    for word in _ALL.finditer(before):
        last = word.lastgroup or ""
    return last


def is_counted(text: str, end: int) -> bool:
    """An amount or a quantity: a unit follows."""
    return _UNIT.match(text, end) is not None
