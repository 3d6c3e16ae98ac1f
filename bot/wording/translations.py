"""What is said of translations, and of replies that are translated before they leave."""

SENTENCES: dict[str, tuple[str, str]] = {
    "language.zh-Hans": ("Chinese", "中文"),
    "language.zh-Hant": ("traditional Chinese", "繁体中文"),
    "language.en": ("English", "英文"),
    "language.ms": ("Malay", "马来文"),
    "language.id": ("Indonesian", "印尼文"),
    "language.th": ("Thai", "泰文"),
    "what.translated": ("translated", "已翻译"),
    "translated": ("{ticket} in {language}", "{ticket} 的{language}译文"),
    "translating": ("{ticket} is being translated into {language}; it follows.", "正在把 {ticket} 翻译成{language}，稍后送达。"),
    "translation_title": ("{language} · machine ({provider})", "{language} · 机器翻译（{provider}）"),
    "translation_failed": (
        "It could not be translated yet; what stands above is the original. To try again: translate N",
        "暂时无法翻译，以上为原文。重试：翻译 N",
    ),
    "in_that_language": ("{ticket} is written in {language} already.", "{ticket} 的原文就是{language}。"),
    "no_translator": (
        "There is no translator: the operator sets DESKBELL_TRANSLATE_URL, or the merchant subscribes to translation.requested.",
        "没有可用的翻译服务：请运营方设置 DESKBELL_TRANSLATE_URL，或由商户订阅 translation.requested。",
    ),
    "bad_language": ("“{lang}” is no language that I translate; there are {known}.", "无法翻译成 “{lang}”，可选：{known}。"),
    "needs_translation": ("The translation is empty.", "译文为空。"),
    "no_message": ("There is no message {message} on this ticket.", "该工单没有消息 {message}。"),
    "draft_asked": (
        "{ticket}: your reply is being translated into {language}. Nothing leaves before you have seen it.",
        "{ticket}：正在把您的回复翻译成{language}。在您确认之前不会发出。",
    ),
    "draft_title": ("{ticket}: your reply in {language}, not sent yet", "{ticket}：您的回复的{language}译文，尚未发出"),
    "draft_line": ("The buyer gets the translation; both stay on the ticket.", "买家收到译文；原文与译文都保留在工单上。"),
    "draft_mine": ("You wrote", "您写的"),
    "draft_theirs": ("The buyer gets ({language}, {provider})", "买家将收到（{language}，{provider}）"),
    "draft_original": ("Original of the reply in {language}: {text}", "{language}回复的原文：{text}"),
    "draft_failed": (
        "{ticket}: your reply could not be translated, and nothing was sent. Send it as it is with: reply {ticket} …",
        "{ticket}：您的回复未能翻译，也没有发出。如需直接发送原文：回复 {ticket} ……",
    ),
    "draft_gone": ("That translation is not there any more; write the reply again.", "该译文已失效，请重新回复。"),
    "draft_in_chat": ("A reply that is translated first is written in a chat.", "先翻译再发送的回复只能在聊天中使用。"),
    "button.send_draft": ("Send the translation", "发送译文"),
}
