"""The few sentences that the edge itself says. Whose language it is, only the desk knows: so both at once."""

ON_IT = "On it, the answer follows. · 正在处理，稍后回复。"
NOT_CONFIRMED = "Nothing was done, or it could not be confirmed: please look, then try again. · 未执行或无法确认，请查看后重试。"
TROUBLE = "Something went wrong on our side; please quote {reference}. · 系统出错，请提供编号 {reference}。"
NOT_UNDERSTOOD = "I could not read that. Try: /ticket help · 无法识别，请试试：/ticket 帮助"
TOO_LATE = "That took too long to open: please press again, or type it: /ticket help · 打开超时，请再点一次，或直接输入：/ticket 帮助"
A_MOMENT = "One moment … · 请稍候……"
NAME = "Deskbell"
CLOSE = {"en": "Close", "zh": "关闭"}
CLOSE_EITHER = "Close · 关闭"
