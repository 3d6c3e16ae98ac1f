"""Names: where a word before or behind says that one is a person's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.spans import Span

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
    "钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許傅呂蘇盧蔣賈葉閻鍾譚鄒陸龍萬錢湯賀龔龐蘭顏嚴溫蘆韋畢聶莊塗關費紀項衛鮑單閔"
)
_DOUBLE = "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|皇甫|令狐|慕容|尉迟|东方|東方|公孙|公孫|端木|夏侯"
_HAN = "\u3400-\u9fff"
_LABEL = re.compile(
    rf"(?:姓名|收件人|收貨人|收货人|联系人|聯絡人|聯繫人|户名|戶名|持卡人|真名|寄件人|(?:我|他|她)的名字)(?:姓名|名字)?"
    rf"\s?(?:[:：]|是|为|為|叫|填的是|写的是)?\s?([{_HAN}·]{{2,12}})"
)
_SAID = re.compile(rf"(?:我叫|我是|本人|名叫|我姓名|叫做|客户|客戶|买家|買家|朋友|老婆|老公|妈妈|爸爸)(?:是|叫)?[:：\s]?([{_HAN}·]{{2,6}})")
_HONOURED = re.compile(rf"((?:{_DOUBLE}|[{_SURNAMES}])[{_HAN}]{{0,2}}?)(?=先生|女士|小姐|太太|阿姨|同学)")
_STOPS = re.compile(
    "的|了|吗|呢|电|電|手|地|收|住|在|要|想|，|我|你|您|他|她|们|和|与|跟|就|也|都|是|不|没|有|身|护|邮|微|订|把|给|请|但|已|"
    "买|退|家|店|号|客|，|付|因|来|去|说|问|改|打|填|写|换|从|到"
)
_NOBODY = frozenset(
    ["先生", "女士", "小姐", "太太", "您好", "你好", "谢谢", "退款", "包裹", "商品", "订单", "电话", "手机", "地址", "方面", "名字"]
)
_CAPS = r"[A-Z][A-Za-z'’À-ÿ-]+"
_LINK = r"(?:bin|binti|bt|a/l|a/p|van|de|der|von|al|Al|bte|anak)"
_FULL = rf"({_CAPS}(?: (?:{_LINK} )?(?:{_CAPS}|[A-Z]\.?(?![A-Za-z*]))){{0,4}})"
_LATIN = re.compile(
    r"(?:(?i:\b(?:my (?:full )?name(?: is|'s|:)|full name|(?:recipient|receiver|consignee|customer|buyer|account holder|"
    r"card ?holder|contact)(?:'s)?(?: name| person)?(?: is)?|"
    r"name on (?:the )?card|beneficiary|attn|attention|ship to|deliver to|addressed to|under the name(?: of)?|on behalf of|"
    r"name is|name|signed|regards|sincerely|"
    r"nama(?: (?:saya|penuh|lengkap|penerima|pelanggan|pembeli|pemilik|pemegang(?: kad| kartu)?))?(?: (?:ialah|adalah))?|"
    r"penerima|atas nama|a\.n\.?|pembeli|pelanggan|bernama))"
    r"\s?[:：,-]?\s{0,2})" + _FULL
)
_I_AM = re.compile(rf"\b(?:[Tt]his is|I am|I'm|I’m|[Ss]aya|[Aa]ku)\s({_CAPS}(?: (?:{_LINK} )?{_CAPS}){{1,3}})")
_TITLE = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mdm|Madam|Dr|Encik|En\.|Puan|Pn\.|Cik|Tuan|Datuk|Bapak|Bpk|Pak|Ibu|Khun|Sdr|Sdri)\.?\s{_FULL}")
_LOWER = re.compile(
    r"(?i:\bmy (?:full )?name is|\bnama saya(?: ialah| adalah)?|\bnama penerima:?)\s([a-z][a-z'-]+(?: [a-z][a-z'-]+){0,3})(?![a-z*])"
)
_LITTLE = frozenset(
    [
        "and",
        "but",
        "i",
        "from",
        "the",
        "not",
        "wrong",
        "on",
        "in",
        "at",
        "is",
        "was",
        "with",
        "please",
        "my",
        "for",
        "order",
        "to",
        "it",
        "yang",
        "dan",
        "tidak",
        "dari",
        "di",
        "ke",
        "mahu",
        "mau",
        "nak",
        "ingin",
        "order",
        "pesanan",
        "salah",
        "saya",
        "correct",
        "incorrect",
        "spelled",
        "misspelled",
        "this",
        "that",
        "still",
        "no",
    ]
)
_NO_NAME = frozenset(
    [
        "The",
        "This",
        "That",
        "My",
        "Your",
        "Our",
        "It",
        "He",
        "She",
        "We",
        "You",
        "They",
        "I",
        "Please",
        "Thanks",
        "Thank",
        "Hello",
        "Hi",
        "Dear",
        "Order",
        "Refund",
        "Sir",
        "Madam",
        "Team",
        "Support",
        "Customer",
        "Service",
        "Very",
        "So",
        "Not",
        "Still",
        "Really",
        "Phone",
        "Email",
        "Address",
        "Tel",
        "Mobile",
        "No",
        "Number",
        "Is",
        "Alamat",
        "Telefon",
        "Telepon",
        "Nombor",
        "Nomor",
        "Pesanan",
        "Saya",
        "Terima",
        "Kasih",
        "Shopee",
        "Lazada",
        "Shopify",
        "Amazon",
        "TikTok",
        "Slack",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Visa",
        "Mastercard",
        "Passport",
        "Card",
        "Bank",
        "Account",
        "Item",
        "Product",
        "Color",
        "Size",
        "Black",
        "White",
        "Red",
        "Blue",
        "IC",
        "NRIC",
        "ID",
        "SKU",
        "USD",
        "WhatsApp",
    ]
)
_THAI = "\u0e00-\u0e7f"
_THAI_NAME = re.compile(
    rf"(?:ชื่อผู้รับ|ชื่อ-นามสกุล|ชื่อ-สกุล|ผู้รับ|ชื่อบัญชี|ชื่อลูกค้า|(?:ผม|ดิฉัน|ฉัน|หนู)?ชื่อ)(?:คือ|"
    rf"ว่า)?\s?[:：]?\s?(?:นางสาว|นาง|นาย|คุณ|น\.ส\.)?\s?([{_THAI}]{{2,20}}(?: [{_THAI}]{{3,24}})?)"
)
_THAI_TITLE = re.compile(rf"(?:^|(?<=[\s,.:(\"]))(?:นางสาว|นาย|น\.ส\.|นาง(?!สาว)|คุณ)\s?([{_THAI}]{{2,20}} [{_THAI}]{{3,24}})")
_THAI_STOP = re.compile("ร้าน|สินค้า|ของ|ไม่|ที่|เบอร์|โทร|ครับ|ค่ะ|คะ|และ|ผิด|ยัง|ได้|บน|ใน|อยู่|ต้อง|อีเมล|เลข|รุ่น|เป็น")


def names(text: str, *, latin: bool, han: bool, thai: bool) -> Iterator[Span]:
    """What letters the text has says which rules are tried."""
    if han:
        yield from _chinese(text)
    if latin:
        yield from _latin(text)
    if thai:
        for pattern in (_THAI_NAME, _THAI_TITLE):
            for found in pattern.finditer(text):
                end = _until(_THAI_STOP, found[1])
                if end >= 2:
                    yield Span(found.start(1), found.start(1) + end, "name")


def _until(stops: re.Pattern[str], said: str) -> int:
    stop = stops.search(said)
    return len((said[: stop.start()] if stop else said).rstrip())


def _chinese(text: str) -> Iterator[Span]:
    for pattern, sure in ((_LABEL, True), (_SAID, False)):
        for found in pattern.finditer(text):
            length = _length(found[1], sure=sure)
            if length:
                yield Span(found.start(1), found.start(1) + length, "name")
    for found in _HONOURED.finditer(text):
        yield Span(found.start(1), found.end(1), "name")


def _length(run: str, *, sure: bool) -> int:
    """How much of it is a name; 0: none. A label makes do without a surname that is known."""
    first = 2 if re.match(_DOUBLE, run) else 1
    if first == 1 and run[0] not in _SURNAMES and not (sure and "·" in run):
        return 0 if not sure or len(run) > 4 or _STOPS.search(run) else (0 if run in _NOBODY else len(run))
    stop = _STOPS.search(run, first)
    given = run[: stop.start() if stop else len(run)]
    if "·" in given:
        return len(given)
    honoured = re.search("先生|女士|小姐|太太", given)
    if honoured:
        return honoured.start()
    if given in _NOBODY or len(given) == first:
        return 0
    if not sure and stop is None and len(run) > first + 2:
        return 0
    return min(len(given), first + 2)


def _latin(text: str) -> Iterator[Span]:
    for pattern in (_LATIN, _TITLE, _I_AM):
        for found in pattern.finditer(text):
            words = found[1].split(" ")
            many = next((place for place, word in enumerate(words) if word in _NO_NAME), len(words))
            kept = " ".join(words[:many])
            if kept and not (many == 1 and kept.isupper() and len(kept) < 4):
                yield Span(found.start(1), found.start(1) + len(kept), "name")
    for found in _LOWER.finditer(text):
        words = found[1].split(" ")
        many = next((place for place, word in enumerate(words) if word.casefold() in _LITTLE), len(words))
        if many:
            yield Span(found.start(1), found.start(1) + len(" ".join(words[:many])), "name")
