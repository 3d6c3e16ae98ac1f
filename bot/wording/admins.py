"""What administrators are told of: things that they alone can mend."""

SENTENCES: dict[str, tuple[str, str]] = {
    "no_manager": ("Tickets are escalated, and no senior manager can be told", "有工单升级，但没有可通知的高级经理"),
    "no_manager_line": (
        "None has Slack, WeCom or e-mail here. The merchant's channels were told. Add one: run_bot.py agent add … --role senior_manager",
        "没有高级经理绑定 Slack、企业微信或邮箱，目前只通知了商户渠道。请添加：run_bot.py agent add … --role senior_manager",
    ),
    "sms_no_phone": (
        "{merchant} was not told of {ticket} by text message: it has no legal representative's phone",
        "{ticket} 未能短信通知 {merchant}：未登记法定代表人手机号",
    ),
    "sms_no_phone_line": (
        "The report is made and its link went over the other channels. Add legal_representative.phone to {merchant_id}.",
        "报告已生成，链接已通过其他渠道发出。请为 {merchant_id} 补填 legal_representative.phone。",
    ),
    "sms_failed": (
        "The text message about {ticket} did not reach {merchant}'s legal representative",
        "{ticket} 的短信未能送达 {merchant} 的法定代表人",
    ),
    "sms_failed_line": (
        "The link to the report went over the other channels. Why, and to send it again: deliveries",
        "报告链接已通过其他渠道发出。查看原因或重发：投递",
    ),
    "soon": ("soon", "近期"),
    "wecom_inactive_alert": ("WeCom will switch off the app {app}: nobody uses it", "企业微信即将停用应用 {app}：长期无人使用"),
    "wecom_inactive_alert_line": (
        "When: {at}. No alert would reach anybody through it then. Have someone open it and send it a message, such as help.",
        "停用时间：{at}。停用后所有提醒都无法送达。请尽快让成员打开该应用并发送一条消息，例如：帮助。",
    ),
    "wecom_close_inactive_agent": ("WeCom has switched off the app {app}", "企业微信已停用应用 {app}"),
    "wecom_close_inactive_agent_line": (
        "Nothing reaches anybody through it. Enable it again in WeCom's admin console, under App management.",
        "该应用的消息均无法送达。请在企业微信管理后台的“应用管理”中重新启用。",
    ),
    "wecom_reopen_inactive_agent": ("WeCom has switched the app {app} on again", "企业微信已重新启用应用 {app}"),
    "wecom_reopen_inactive_agent_line": ("Alerts go through it again.", "提醒已恢复送达。"),
    "wecom_low_active_alert": ("WeCom finds that the app {app} is hardly used", "企业微信提示：应用 {app} 使用较少"),
    "wecom_low_active_alert_line": (
        "From {at} on it may be limited. Have more of its people open it and work with it.",
        "{at}起可能受到限制。请让更多成员打开并使用该应用。",
    ),
    "wecom_low_active": ("WeCom limits the app {app}: it is hardly used", "企业微信已限制应用 {app}：使用过少"),
    "wecom_low_active_line": (
        "Messages may not reach people. Have them open it, and look at it in WeCom's admin console, under App management.",
        "消息可能无法送达。请让成员打开该应用，并在企业微信管理后台的“应用管理”中查看。",
    ),
    "wecom_bot_refused": ("WeCom does not let the AI bot {bot} in", "企业微信拒绝智能机器人 {bot} 连接"),
    "wecom_bot_refused_line": (
        "It says: {why}. Take WECOM_BOT_ID and WECOM_BOT_SECRET anew from the bot's page, in long-connection mode; then restart.",
        "原因：{why}。请在机器人页面（长连接模式）重新获取 WECOM_BOT_ID 和 WECOM_BOT_SECRET，然后重启。",
    ),
    "wecom_bot_taken": ("Another program is connected as the AI bot {bot}", "智能机器人 {bot} 已被其他程序连接"),
    "wecom_bot_taken_line": (
        "A bot has one connection, so ours stays off. End the other program, or make a new secret. Until then alerts take other ways.",
        "机器人只能有一个连接，本系统已停止连接。请停止另一程序或更换密钥；在此之前提醒改由其他渠道送达。",
    ),
    "wecom_bot_lost": ("The AI bot {bot} is not connected", "智能机器人 {bot} 已断开连接"),
    "wecom_bot_lost_line": (
        "Why: {why}. It goes on trying. Until it is back alerts take other ways.",
        "原因：{why}。系统会继续重试；在此之前提醒改由其他渠道送达。",
    ),
    "slack_socket_refused": ("Slack does not let the app connect", "Slack 拒绝应用连接"),
    "slack_socket_refused_line": (
        "It says: {why}. Look at the app's settings: Socket Mode is on, and SLACK_APP_TOKEN is an app-level token with connections:write.",
        "原因：{why}。请检查应用设置：已开启 Socket Mode，且 SLACK_APP_TOKEN 为带 connections:write 权限的应用级令牌。",
    ),
    "slack_socket_lost": ("Slack's connection is lost", "Slack 连接已断开"),
    "slack_socket_lost_line": (
        "Why: {why}. It goes on trying. Until it is back nothing that is said in Slack arrives; alerts still go there.",
        "原因：{why}。系统会继续重试；恢复前在 Slack 中的操作无法送达，提醒仍会发送到 Slack。",
    ),
    "slack_installed": ("Slack: the workspace {name} ({team}) has installed the app", "Slack 工作区 {name}（{team}）已安装本应用"),
    "slack_installed_line": (
        "By {by}. Nobody there may do anything yet: give their merchant and its people slack_team_id {team}.",
        "安装人：{by}。该工作区的人暂无任何权限：请为对应商户及其人员设置 slack_team_id 为 {team}。",
    ),
    "slack_removed": ("Slack: the workspace {name} ({team}) has removed the app", "Slack 工作区 {name}（{team}）已移除本应用"),
    "slack_removed_line": (
        "Nothing reaches anybody there; alerts take other ways. To have it back someone there opens /slack/install.",
        "该工作区已无法收到消息，提醒改由其他渠道送达。如需恢复，请让对方打开 /slack/install。",
    ),
    "webhook_disabled": ("A webhook is switched off: {url}", "Webhook 已停用：{url}"),
    "webhook_disabled_line": (
        "{id} has taken nothing since {at}: {why}. Mend it, switch it on (POST /v1/webhooks/{id}/enable) and replay what it missed.",
        "{id} 自 {at} 起未成功接收：{why}。请修复接收端，启用（POST /v1/webhooks/{id}/enable）后重放错过的事件。",
    ),
    "wecom_active_restored": ("WeCom no longer limits the app {app}", "企业微信已解除对应用 {app} 的限制"),
    "wecom_active_restored_line": ("Alerts go through it as before.", "提醒已恢复正常送达。"),
}
