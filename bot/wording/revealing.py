"""What is said when one masked value is shown to one person."""

SENTENCES: dict[str, tuple[str, str]] = {
    "revealed": (
        "{ticket}, {what}: {value}\nOnly you see this; that you asked is on record.",
        "{ticket} {what}：{value}\n仅您可见，此次查看已记录。",
    ),
    "reveal_what": ("Which of {ticket}'s masked values? There are: {there}", "要查看 {ticket} 的哪一项？可选：{there}"),
    "not_masked": ("{ticket} has no masked {asked}. There are: {there}", "{ticket} 没有已脱敏的“{asked}”。可选：{there}"),
    "reveal_nothing": ("none", "无"),
    "reveal_in_private": ("Others could read it here: ask me in a direct chat.", "此处他人可见，请在单聊中查看。"),
    "masked.name": ("name", "姓名"),
    "masked.phone": ("phone", "电话"),
    "masked.email": ("email", "邮箱"),
    "masked.address": ("address", "地址"),
    "masked.ip": ("ip", "IP"),
    "masked.id_number": ("id_number", "身份证"),
    "masked.passport": ("passport", "护照"),
    "masked.card": ("card", "卡号"),
    "masked.bank_account": ("bank_account", "银行账号"),
    "masked.subject": ("subject", "标题"),
    "masked.message": ("message", "留言"),
    "masked.last": ("last", "最新留言"),
    "happened.revealed": ("looked at a masked value", "查看脱敏信息"),
}
