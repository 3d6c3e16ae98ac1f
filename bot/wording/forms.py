"""What forms ask."""

SENTENCES: dict[str, tuple[str, str]] = {
    "form.save": ("Save", "保存"),
    "form.cancel": ("Cancel", "取消"),
    "ask.text": ("What was done (for the team)", "处理说明（团队可见）"),
    "ask.note": ("Note (only the team sees it)", "备注（仅团队可见）"),
    "ask.reply": ("Reply to the buyer", "给买家的回复"),
    "ask.reply_hint": ("It leaves after {seconds} s; until then you can take it back.", "{seconds} 秒后发出，此前可以撤回。"),
    "ask.to": ("Hand over to", "转派给"),
    "ask.shop": ("Shop", "店铺"),
    "ask.order": ("Order number", "订单号"),
    "ask.order_hint": ("Leave it empty where there is none.", "没有可留空。"),
    "ask.emails_hint": ("Commas between several; empty for none.", "多个用逗号分隔，可留空。"),
    "ask.channel_hint": ("The channel's ID, at the end of its details (C…).", "频道 ID（C 开头），在频道详情底部。"),
    "ask.timezone_hint": ("Such as Asia/Shanghai or Asia/Singapore.", "例如 Asia/Shanghai、Asia/Singapore。"),
    "ask.target_hint": ("Such as 90m, 12h or 3d.", "例如 90m、12h、3d。"),
    "ask.message": ("What it is about", "问题描述"),
}
