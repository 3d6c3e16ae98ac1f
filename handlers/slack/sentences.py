"""The few sentences that the edge itself says. Whose language it is, only the desk knows: so both at once."""

ON_IT = "On it, the answer follows. · 正在处理，稍后回复。"
NOT_CONFIRMED = "Nothing was done, or it could not be confirmed: please look, then try again. · 未执行或无法确认，请查看后重试。"
TROUBLE = "Something went wrong on our side; please quote {reference}. · 系统出错，请提供编号 {reference}。"
NOT_UNDERSTOOD = "I could not read that. Try: /ticket help · 无法识别，请试试：/ticket 帮助"
