"""Whether a buyer's message is a word of thanks and nothing more: then a resolved ticket stays resolved.

Careful to one side: a message that is taken for more than thanks only reopens a ticket; one that is wrongly taken for thanks would
leave a buyer unheard. So every word of it must be one that thanks, confirms or says goodbye, in one of these languages.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # characters; who writes more wants something

_ENGLISH = """
thanks thank you thankyou thx tks tq ty cheers many much very so a lot lots tons million bunch all again for your the help
helping quick fast kind patience support service reply response assistance great good nice excellent awesome perfect wonderful
amazing job work well done ok okay okey k kk got it received noted have ive i we my parcel package refund money item order now
today arrived everything is are thats that this was fine resolved solved sorted works yes yep yeah sure appreciate appreciated
really hi hello dear team sir madam bye goodbye best regards day weekend evening night take care and glad happy satisfied seller
both guys folks safely finally perfectly already
"""
_MALAY = """
terima kasih trima terimakasih makasih makasi banyak ya yaa kak bang min gan sis pak bu sudah dah udah saya terimanya diterima
sampai barang baik bagus mantap oke sip atas bantuannya bantuan nya semua semuanya selesai jazakallah sekali sangat alhamdulillah
sama tuan puan cik encik
"""
_NEAR = "salamat po cam on cảm ơn"  # Filipino and Vietnamese come along in the region
_KNOWN = frozenset(f"{_ENGLISH} {_MALAY} {_NEAR}".split())
_THANKS = re.compile(
    r"\b(thanks?|thank ?you|thankyou|thx|tks|tq|ty|cheers|appreciated?|trima|terima ?kasih|makasih?|salamat|cảm ơn|cam on)\b"
    r"|谢|謝|感谢|感謝|多谢|辛苦|ขอบคุณ|ขอบใจ|🙏|👍|❤|😊"
)
_NOT_YET = re.compile(
    r"\b(but|however|still|not|never|no|none|n't|don't|didn't|isn't|won't|can't|cannot|when|why|how|what|where|please|pls|plz|need|want|"
    r"wrong|broken|missing|again\s+(?:wrong|broken)|"
    r"tapi|tetapi|belum|tidak|tak|tiada|bukan|kapan|bila|kenapa|mengapa|bagaimana|gimana|mana|tolong|mohon|minta|masih|rosak|rusak|salah)\b"
)
_CHINESE = """
非常感谢 十分感谢 万分感谢 生意兴隆 太感谢 没问题 小姐姐 到账 感谢 多谢 谢谢 谢啦 谢了 辛苦 麻烦 你们 已经 收到 退款 包裹 东西 了解
明白 知道 解决 搞定 没事 可以 好的 满意 非常 帮忙 帮助 支持 回复 处理 耐心 问题 客服 老板 小哥 再见 拜拜 愉快 生活 周末 速度 及时
给力 这么 大家 一切 顺利 么么 谢 您 你 们 已 货 钱 好 行 嗯 哦 是 对 很 太 真 亲 的 了 啦 啊 呀 哈 呢 哒 咯 喽 哟 噢 喔 祝 快 棒
赞 到 我 就 都 也 下
"""
_THAI = """
ขอบพระคุณ เรียบร้อย ช่วยเหลือ ทุกอย่าง ขอบคุณ ได้รับ สินค้า บริการ ขอบใจ มากๆ ครับ แล้ว เงิน โอเค ช่วย มาก คับ ค่ะ จ้า จ้ะ ได้
รับ ของ คืน ที่ เลย คะ นะ ดี ๆ
"""
_UNSPACED = f"{_CHINESE} {_THAI}".split()  # longer ones stand before the shorter that they contain
_CHINESE_NOT_YET = re.compile(
    r"但|可是|不过|然而|还没|没有|沒有|没收|未|不|什么时候|何时|怎么|为什么|为何|多久|吗|請問|请|麻烦.*(?:一下|帮|查|看)|想|要|帮我|能否|能不|哪|几|错|坏|少|再(?!见)"
)
_THAI_NOT_YET = re.compile(r"แต่|ยัง|ไม่|เมื่อไ|ทำไม|ไหม|มั้ย|หรือ|กรุณา|อย่างไร|ยังไง|ที่ไหน")
# Said without its having come, it is what they still want: 退款谢谢, "refund, thanks", "货收到了, 钱呢". Looked at clause by clause.
_CLAUSES = re.compile(r"[,.!;:~、\n]+|谢谢|感谢|多谢|(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")
_WORDS = re.compile(r"[\s,.!;:~、]+")
_MONEY = re.compile(r"\b(refund|money)\b|退款|钱|เงิน")
_GOODS = re.compile(r"\b(parcel|package|order|item|barang)\b|包裹|货|东西|ของ|สินค้า")
_CAME = re.compile(r"\b(received|got|arrived|diterima|terimanya|sampai|resolved|solved|sorted)\b|收到|到了|到账|ได้รับ|แล้ว")
_PLEASES = re.compile(r"\b(fine|perfect|great|good|baik|bagus)\b|很好|满意|ดี")
_NEXT = re.compile(r"\bnow (my|the|your|refund|money|order|parcel|package|item)\b")
_DONE = re.compile(r"了|已|没问题")
_BARE = re.compile(
    r"(?:快|速度|及时)*(?:处理|回复|解决|帮忙|帮助|问题)*(?:快|速度)*"
)  # standing alone it asks for it; 谢谢处理 thanks for it
_ASKED = re.compile(
    r"(?<!your )(?<!the )(?<!for )(?<!great )(?<!good )(?<!quick )(?<!fast )\b(help|reply|response|assistance|support)\b"
    r"|(?<!your )(?<!for )(?<!the )(?<!so )(?<!very )(?<!really )(?<!was )\b(quick|fast)\b|\bhelp me\b"
    r"|麻烦(?!你|您|了|啦|大家)|麻烦.*(?:处理|回复|解决|退)|(?<!么)快(?:处理|回复|解决|退)|(?:^|[\s,.。!])(?:快|速度)*(?:处理|回复|解决|帮忙|帮助)[\s,.。!]*(?:多?谢|感谢)"
)
_CROSS = frozenset("😡🤬👎😠😤😞😢😭💔😒🙄")
_TRADITIONAL = str.maketrans("謝們經貨東錢決滿幫處復這順麼還沒號嗎請辦問個愛讚啟", "谢们经货东钱决满帮处复这顺么还没号吗请办问个爱赞启")
_ONLY_SIGNS = re.compile(r"[^\w\s]|_")


def is_thanks(text: str) -> bool:
    """True where it says thanks and nothing else: short, no question, no but, no wish, no number."""
    said = unicodedata.normalize("NFKC", text).strip().casefold().replace("’", "'").translate(_TRADITIONAL)
    if not said or len(said) > LONGEST or "?" in said or any(each.isdigit() for each in said) or "://" in said:
        return False
    if not _THANKS.search(said) or any(no.search(said) for no in (_NOT_YET, _CHINESE_NOT_YET, _THAI_NOT_YET, _ASKED)):
        return False
    if _CROSS & set(said) or any(_wants(each.strip()) for each in _CLAUSES.split(said)):
        return False
    if any(_BARE.fullmatch(each) for each in _WORDS.split(said) if each):
        return False
    rest = said
    for word in _UNSPACED:
        rest = rest.replace(word, " ")
    return all(word in _KNOWN for word in _ONLY_SIGNS.sub(" ", rest.replace("'", "")).split())


def _wants(clause: str) -> bool:
    """Whether it names something that has not come by what it says, or asks for work."""
    if not clause:
        return False
    if _NEXT.search(clause) or ("问题" in clause and not _DONE.search(clause)):
        return True
    came = _CAME.search(clause)
    return bool((_MONEY.search(clause) and not came) or (_GOODS.search(clause) and not came and not _PLEASES.search(clause)))
