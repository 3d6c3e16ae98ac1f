"""What is wrong with a file or a row of it, and how to mend it."""

SENTENCES: dict[str, tuple[str, str]] = {
    "file_empty": ("The file is empty.", "文件是空的。"),
    "file_is_workbook": (
        "This is a workbook: save it as CSV UTF-8 (Excel: Save as → CSV UTF-8) and send that.",
        "这是 Excel 工作簿：请另存为 “CSV UTF-8” 后再导入。",
    ),
    "file_encoding": (
        "The file is neither UTF-8 nor GB18030: save it as CSV UTF-8.",
        "文件既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8。",
    ),
    "file_too_large": (
        "The file is larger than {most} MiB: split it, or use run_bot.py import.",
        "文件超过 {most} MiB：请拆分，或使用 run_bot.py import。",
    ),
    "file_no_header": ("The first line must name the columns.", "第一行必须是列名。"),
    "file_not_known": (
        "Neither tickets (shop_id, subject, message) nor orders (shop_id, order_no …); a statement goes to reconcile. Columns: {columns}.",
        "无法识别：不是工单（shop_id、subject、message）或订单（shop_id、order_no 等）；账单请用 reconcile。现有列：{columns}。",
    ),
    "file_is_worked": ("This file is being worked on already: {id}.", "该文件正在处理中：{id}。"),
    "files_waiting": (
        "{most} files are being sent or worked already: wait until one is done.",
        "已有 {most} 个文件正在上传或处理，请等待其中一个完成。",
    ),
    "file_left": ("It was stopped and not gone on with for {days} days.", "该任务中断后超过 {days} 天未继续。"),
    "file_stuck": (
        "It cannot be worked, and the desk's operator has the reason in the log under {id}.",
        "该文件无法处理，原因已记入系统日志（{id}），请联系运营方。",
    ),
    "column_twice": ("The column “{column}” is there twice.", "列 “{column}” 重复。"),
    "columns_unknown": (
        "Nothing here is called {columns}. Rename the column, take it out, or call it custom_fields.NAME (tickets only).",
        "没有名为 {columns} 的字段。请改名、删除该列，或命名为 custom_fields.名称（仅限工单）。",
    ),
    "columns_missing": ("These columns are missing: {columns}.", "缺少列：{columns}。"),
    "column_unknown": ("Nothing here is called “{column}”.", "没有名为 “{column}” 的字段。"),
    "row_too_wide": (
        "The row has {cells} cells and the header {columns}: put quotes around text with commas in it.",
        "该行有 {cells} 格，表头只有 {columns} 列：含逗号的文本请加引号。",
    ),
    "row_too_long": ("The row is longer than {most} characters.", "该行超过 {most} 个字符。"),
    "row_not_json": ("The line is no JSON object.", "该行不是 JSON 对象。"),
    "quote_open": ("A quote is opened and never closed.", "引号没有闭合。"),
    "quote_misplaced": ("A quote stands in the middle of a cell: write it twice.", "单元格中间出现引号：请写成两个引号。"),
    "cell_missing": ("This is needed.", "此项必填。"),
    "cell_not_text": ("This must be text: put it in quotes.", "此项必须是文本，请加引号。"),
    "cell_line_break": ("This must be one line.", "此项只能是一行。"),
    "cell_unreadable": ("This cannot be read: it was damaged when the file was saved.", "无法读取：文件保存时此处已损坏。"),
    "cell_not_id": (
        "“{value}” is no id: letters, digits, . _ : - and at most 64 of them.",
        "“{value}” 不是有效编号：仅限字母、数字和 . _ : -，最多 64 个。",
    ),
    "cell_rounded": (
        "A spreadsheet has rounded this number to {value}: format the column as text and save it again.",
        "表格软件已把该编号变成 {value}：请把该列设为文本格式后重新保存。",
    ),
    "cell_not_one_of": ("“{value}” is none of: {known}.", "“{value}” 不在可选值中：{known}。"),
    "cell_not_amount": ("“{value}” is no amount: write 1234.50.", "“{value}” 不是金额，请写成 1234.50。"),
    "cell_not_number": ("“{value}” is no number that fits here.", "“{value}” 不是有效的数字。"),
    "cell_not_currency": ("“{value}” is no currency: write three letters, such as SGD.", "“{value}” 不是币种，请写三个字母，如 SGD。"),
    "cell_not_time": (
        "“{value}” is no time: write 2026-11-23 08:00 or 2026-11-23T08:00:00Z.",
        "“{value}” 不是时间，请写成 2026-11-23 08:00 或 2026-11-23T08:00:00Z。",
    ),
    "cell_in_future": ("{value} is yet to come.", "{value} 是未来时间。"),
    "cell_before_created": ("{value} is before created_at ({created}).", "{value} 早于 created_at（{created}）。"),
    "cell_end_missing": ("A ticket that is {state} needs this moment.", "状态为 {state} 的工单需要填写该时间。"),
    "cell_not_ip": ("This is no IP address.", "不是有效的 IP 地址。"),
    "cell_not_email": ("This is no e-mail address.", "不是有效的邮箱地址。"),
    "cell_not_phone": ("This is no phone number: digits, with + and blanks at most.", "不是有效的电话号码：仅限数字、加号和空格。"),
    "cell_not_locale": ("This is no language tag: write zh-CN or en.", "不是语言标签，请写 zh-CN 或 en。"),
    "cell_no_shop": ("There is no shop “{shop}”: create it first.", "没有店铺 “{shop}”，请先创建。"),
    "cell_no_agent": ("There is no agent “{agent}”: create them first, or leave this empty.", "没有客服 “{agent}”：请先创建，或留空。"),
    "cell_other_merchant": ("Shop {shop} does not belong to merchant “{merchant}”.", "店铺 {shop} 不属于商户 “{merchant}”。"),
}
