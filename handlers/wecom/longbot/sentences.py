"""The few sentences that the bot's edge itself says, in both languages at once where nobody has asked the desk whose it is."""

NOT_CONFIRMED = "Nothing was done, or it could not be confirmed: please look, then try again. · 未执行或无法确认，请查看后重试。"
TEXT_ONLY = "I only read text here. Try: help · 这里只能识别文字，请发送：帮助"
WHO = "I can't find out who you are just now: please try again in a minute. · 暂时无法确认您的身份，请稍后重试。"
HELLO = {
    "en": "Hello! I am the after-sales desk. Try: list mine · claim 1024 · help",
    "zh": "您好，我是售后工单助手。试试：列表 我的 · 认领 1024 · 帮助",
}
NOT_LINKED = "Have a code? Type: link CODE · 有绑定码？请发送：绑定 绑定码"
SEE_CARD = "✓"  # what a card's grey line says when its ticket needs nothing any more
