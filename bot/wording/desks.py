"""What stands on a person's own desk."""

SENTENCES: dict[str, tuple[str, str]] = {
    "desk.title": ("{name}'s desk", "{name} 的工作台"),
    "desk.open": ("Open", "未结"),
    "desk.overdue": ("Overdue", "已超时"),
    "desk.hour": ("Due within the hour", "一小时内到期"),
    "desk.closed": ("Closed today", "今日已关闭"),
    "desk.soon": ("About to be missed: {count}", "即将超时：{count}"),
    "desk.soon_none": ("Nothing is due within the hour.", "一小时内没有到期的工单。"),
    "desk.mine": ("Yours: {count}", "我的：{count}"),
    "desk.mine_none": ("You have no open ticket.", "您没有未结工单。"),
    "desk.unclaimed": ("Unclaimed: {count}", "未认领：{count}"),
    "desk.unclaimed_none": ("Every ticket has somebody.", "所有工单都有人负责。"),
    "desk.all": ("All {count}", "全部 {count} 个"),
    "desk.list": ("All open tickets", "全部未结工单"),
    "desk.new": ("New ticket", "新建工单"),
    "desk.help": ("Help", "帮助"),
    "desk.this_language": ("English", "中文"),
    "desk.refresh": ("Refresh", "刷新"),
    "desk.link": (
        "They give you a code: write it to me as “link CODE”. Your account here is {channel} {id}.",
        "管理员会给您一个绑定码，请发给我：绑定 绑定码。您在这里的账号是 {channel} {id}。",
    ),
}
