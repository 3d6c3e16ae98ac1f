"""What is said of pauses, of thanks, and of what comes by itself once a ticket is over."""

SENTENCES: dict[str, tuple[str, str]] = {
    "auto_close": ("{ticket} closes by itself at {at}", "{ticket} 将于 {at} 自动关闭"),
    "auto_close_line": (
        "It is resolved and nobody has written since. A note, a reply or a message of the buyer's keeps it from closing.",
        "工单已解决且之后无人发言。备注、回复或买家来信都会推迟关闭。",
    ),
    "auto_archive": ("{ticket} is archived by itself at {at}", "{ticket} 将于 {at} 自动归档"),
    "auto_archive_line": (
        "Nothing can be said on it after that. A note or a message of the buyer's puts it off; a lead can reopen it until then.",
        "归档后不能再发言。备注或买家来信会推迟归档；在此之前主管可以重开。",
    ),
    "closes_at": ("Closes by itself at {at} ({zone}) unless somebody writes.", "若无人发言，将于 {at}（{zone}）自动关闭。"),
    "archives_at": ("Archived by itself at {at} ({zone}).", "将于 {at}（{zone}）自动归档。"),
    "thanked": ("The buyer said thanks on {ticket}", "买家对 {ticket} 表示感谢"),
    "thanked_line": (
        "It stays resolved. If they want something after all: reopen {number}",
        "工单保持已解决。如果买家还有诉求，请输入：重开 {number}",
    ),
    "what.auto_close": ("closes by itself soon", "即将自动关闭"),
    "what.auto_archive": ("is archived by itself soon", "即将自动归档"),
    "what.thanked": ("the buyer said thanks", "买家致谢"),
    "clock_paused": ("paused: {left} left for {target}", "已暂停：{target}还剩 {left}"),
    "why_paused": (
        "Tier {tier} ({target}, {label}): paused since {since}; {counted} have counted since {started}, {left} are left when it goes on.",
        "{tier} 级（{target}，{label}）：自 {since} 起暂停；自 {started} 起已计 {counted}，恢复后剩余 {left}。",
    ),
    "why_cycle": ("Before it was reopened ({cycle}): ", "重开之前（第 {cycle} 轮）："),
    "why_sum": ("{wall} passed: {counted} counted + {waited} did not.", "共经过 {wall}：计入 {counted} + 不计 {waited}。"),
    "why_span": ("{start} – {end} · {length} · {what}", "{start} – {end} · {length} · {what}"),
    "why_more": ("… and {count} more", "……另有 {count} 段"),
    "why_moved": ("{at}: {policy} moved it from {was} to {due}", "{at}：{policy} 将时限从 {was} 调整为 {due}"),
    "why_still": ("standing still", "暂停中"),
    "why_thanked": (
        "The buyer's thanks at {at} did not reopen it. To reopen it all the same: reopen {number}",
        "买家 {at} 的致谢没有重开工单。如需重开：重开 {number}",
    ),
    "why_pauses": ("Resolution and closure stand still while it is {states}.", "工单处于{states}时，解决与关闭计时暂停。"),
    "why_no_pauses": ("Nothing pauses it.", "不暂停。"),
    "interval.around_the_clock": ("counted", "计入"),
    "interval.working_hours": ("counted: working hours", "计入：工作时间"),
    "interval.make_up_day": ("counted: a weekend day that is worked", "计入：调休工作日"),
    "interval.outside_hours": ("not counted: outside working hours", "不计：非工作时间"),
    "interval.holiday": ("not counted: public holiday", "不计：法定节假日"),
    "interval.paused_pending": ("not counted: waiting for the buyer", "不计：等待买家"),
}
