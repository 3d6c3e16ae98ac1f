"""Texts with what tells of a person marked, made from templates and values of real formats; and such that only look like it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from stdnum import luhn

from bot.privacy import Span

SLOT = re.compile(r"\{(\w+)\}")
TEMPLATES = {
    "zh": (
        "您好，我叫{name}，手机号{phone}，包裹还没到",
        "收件人：{name}，电话：{phone}，收货地址：{address}，请尽快发货",
        "请发到我的邮箱{email}谢谢",
        "我的身份证是{id_number}，可以核对",
        "银行卡号 {card} 扣了两次款",
        "退到这个账号：{bank_account}",
        "护照号码{passport}，姓名{name}",
        "登录的地址是 {ip}，不是我",
        "联系人{name}，微信{phone}",
        "地址改成{address}，谢谢",
    ),
    "en": (
        "Hi, my name is {name} and my phone is {phone}.",
        "Please ship to {address}. Email me at {email}",
        "My card {card} was charged twice",
        "Refund to bank account {bank_account} please",
        "passport {passport}, name: {name}",
        "Somebody from {ip} logged in as me",
        "Call me at {phone} or write {email}",
        "My identity number is {id_number}",
        "Mr. {name} never got it; my address is {address}",
    ),
    "ms": (
        "Nama saya {name}, telefon {phone}",
        "Alamat saya: {address}",
        "No. kad pengenalan {id_number}, emel {email}",
        "Akaun bank saya {bank_account}",
        "kad {card} dicaj dua kali",
        "pasport {passport}",
        "Hubungi Puan {name} di {phone}",
    ),
    "id": (
        "Nama saya {name}, HP {phone}",
        "alamat pengiriman: {address}",
        "NIK {id_number}, email {email}",
        "rekening {bank_account} atas nama {name}",
        "kartu {card} terpotong dua kali",
        "paspor {passport}",
        "WA {phone} ya",
    ),
    "th": (
        "ผมชื่อ {name} เบอร์ {phone} ครับ",
        "ที่อยู่ {address}",
        "เลขบัตรประชาชน {id_number}",
        "อีเมล {email} ค่ะ",
        "บัญชี {bank_account} ค่ะ",
        "บัตรเครดิต {card} ถูกตัดสองครั้ง",
        "พาสปอร์ต {passport}",
    ),
}
HARD = (
    "订单号 {d16} 还没发货",
    "快递单号SF{d13}",
    "运单 YT{d13} 显示签收",
    "Order #{d9} is late",
    "tracking number {d12} shows nothing",
    "tracking LX{d9}CN",
    "SKU AB-{d8}-XL is wrong",
    "transaction {d18} failed",
    "I paid $1,{d3}.50 on 2026-01-{day}",
    "共付 {d5} 元",
    "付款时间 2026-01-{day} 10:{d2}:00",
    "交易流水 {d28}",
    "nombor pesanan {d14}",
    "no resi JP{d10}",
    "jumlah RM {d4}.90",
    "pesanan {d15} belum sampai",
    "คำสั่งซื้อ {d14} ยังไม่มา",
    "พัสดุ TH{d12}",
    "ยอด {d4} บาท",
    "firmware 1.{d1}.2.{d2} broke it",
    "invoice {d10}",
    "model {d8} in black",
    "货号 {d10}",
    "型号 X{d6}",
    "refund id {d12}",
    "I am Very Upset",
    "我是买家，要退款",
    "本人要求退款",
    "我是来问退款的",
    "name the price",
    "The address is wrong",
    "地址错了怎么改",
    "This is not what I ordered",
    "ref {d11}",
    "ticket {d7}",
    "the order SP-{d5} came",
    "5号发货，7号还没到",
    "Order 1Z{d10}",
    "20260{d1}{day}",
    "条码 {d13}",
    "优惠券 {d10} 用不了",
)
EMAILS = ("{a}.{b}@gmail.com", "{a}{n}@qq.com", "{a}_{b}@example.co.th", "{b}@mail.example.com.my")
WORDS = ("mei", "john", "siti", "budi", "somchai", "anna", "kevin")
NAMES = {
    "zh": ("张伟", "李娜", "欧阳娜娜", "陈小明", "王芳", "刘德", "周杰"),
    "en": ("John Smith", "Mary Jane Watson", "Anna Brown", "Kevin O'Neil", "Wei Ling Tan"),
    "ms": ("Siti Aminah binti Ahmad", "Ahmad Faizal", "Nurul Huda", "Tan Wei Ming"),
    "id": ("Budi Santoso", "Dewi Lestari", "Agus Setiawan"),
    "th": ("สมชาย ใจดี", "วิภา ทองสุข", "อนันต์ แสงทอง"),
}
ADDRESSES = {
    "zh": ("广东省深圳市南山区科技园路{n}号{m}栋502室", "上海市浦东新区张江镇碧波路{n}号", "杭州市西湖区文三路{n}弄{m}号"),
    "en": (
        "{n} Main Street, Apt 4B, San Francisco, CA 94105",
        "Blk {n} Bedok North Avenue 3 #0{m}-123, Singapore 460123",
        "{n} Baker Road, London",
    ),
    "ms": ("No. {n}, Jalan Ampang, 50450 Kuala Lumpur", "{n} Lorong Maju 3, Taman Maju, 81100 Johor Bahru"),
    "id": ("Jl. Sudirman No. {n}, Jakarta Selatan 12190", "Jalan Merdeka No. {n}, Bandung 40111"),
    "th": ("{n}/1 หมู่ {m} ถนนสุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพ 10110", "{n} ซอยลาดพร้าว 1 เขตจตุจักร กรุงเทพ 10900"),
}
PHONES = {
    "zh": ("13#########", "+86 138 #### ####", "186-####-####", "0755-26######", "１３８００######"),
    "en": ("(415) 555-2###", "+1 415 555 2###", "+44 7911 123###", "9### ####", "+65 9### ####"),
    "ms": ("012-345 6###", "+60 12-345 6###", "0123456###"),
    "id": ("0812-3456-7###", "+62 812 3456 7###", "08123456####"),
    "th": ("081-234-5###", "+66 81 234 5###", "0812345###"),
}


@dataclass(frozen=True)
class Marked:
    """A text with its spans."""

    text: str
    spans: tuple[Span, ...]


def corpus(many: int = 3_000, hard: int = 900) -> list[Marked]:
    """The same each time."""
    chance = random.Random(7)
    langs = list(TEMPLATES)
    return [_filled(chance, langs[each % 5]) for each in range(many)] + [
        Marked(_digits(chance, chance.choice(HARD)), ()) for _ in range(hard)
    ]


def _filled(chance: random.Random, lang: str) -> Marked:
    text, spans, end = "", [], 0
    template = chance.choice(TEMPLATES[lang])
    for slot in SLOT.finditer(template):
        value = _value(chance, lang, slot[1])
        text += template[end : slot.start()]
        spans.append(Span(len(text), len(text) + len(value), slot[1]))
        text, end = text + value, slot.end()
    return Marked(text + template[end:], tuple(spans))


def _digits(chance: random.Random, template: str) -> str:
    def one(slot: re.Match[str]) -> str:
        return f"{chance.randint(1, 28):02}" if slot[1] == "day" else _some(chance, int(slot[1][1:]))

    return SLOT.sub(one, template)


def _some(chance: random.Random, many: int) -> str:
    return str(chance.randint(1, 9)) + "".join(str(chance.randint(0, 9)) for _ in range(many - 1))


def _value(chance: random.Random, lang: str, type: str) -> str:
    if type == "name":
        return chance.choice(NAMES[lang])
    if type == "address":
        return chance.choice(ADDRESSES[lang]).format(n=chance.randint(1, 990), m=chance.randint(1, 9))
    if type == "phone":
        return re.sub("#", lambda _: str(chance.randint(0, 9)), chance.choice(PHONES[lang]))
    if type == "email":
        return chance.choice(EMAILS).format(a=chance.choice(WORDS), b=chance.choice(WORDS), n=chance.randint(1, 999))
    if type == "card":
        first = chance.choice(("4", "51", "6222")) + _some(chance, 15)
        number = first[:15] + luhn.calc_check_digit(first[:15])
        return " ".join(number[place : place + 4] for place in range(0, 16, 4)) if chance.random() < 0.5 else number
    if type == "bank_account":
        return _some(chance, chance.choice((10, 12)))
    if type == "passport":
        return chance.choice("EGAK") + _some(chance, 8)
    if type == "ip":
        return f"203.0.113.{chance.randint(1, 254)}"
    return _identity(chance, lang)


def _identity(chance: random.Random, lang: str) -> str:
    day = f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if lang == "zh":
        first = f"440305{chance.randint(1960, 2005)}{day}{chance.randint(100, 999)}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11]
    if lang == "ms":
        return f"90{day}-14-{_some(chance, 4)}"
    if lang == "id":
        return f"3273{day[2:]}{day[2:]}{day[:2]}90{_some(chance, 4)}"
    if lang == "th":
        first = _some(chance, 12)
        number = first + str((11 - sum(int(digit) * (13 - place) for place, digit in enumerate(first)) % 11) % 10)
        return f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}" if chance.random() < 0.5 else number
    return chance.choice(("S1234567D", "T0123456G", "F1234567N", "536-90-4399"))
