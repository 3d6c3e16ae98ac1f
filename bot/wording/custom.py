"""What is said of merchants' own fields, zh and en."""

from __future__ import annotations

SENTENCES = {
    "field_unknown": (
        "This merchant's tickets have no field “{name}”. There are: {known}. Another is added with PUT /v1/custom-fields/KEY.",
        "该商户的工单没有字段 “{name}”。已有：{known}。可用 PUT /v1/custom-fields/KEY 添加。",
    ),
    "field_not_text": ("“{name}” holds text.", "字段 “{name}” 须为文本。"),
    "field_not_number": ("“{name}” holds a number, such as 38 or 2.5, without quotes.", "字段 “{name}” 须为数字，如 38 或 2.5，不加引号。"),
    "field_not_date": ("“{name}” holds a day, such as 2026-11-23.", "字段 “{name}” 须为日期，如 2026-11-23。"),
    "field_not_choice": ("“{name}” holds one of: {known}.", "字段 “{name}” 须为以下之一：{known}。"),
    "field_whose": (
        "Say whose field it is: with an operator's key give the merchant.",
        "请说明是哪个商户的字段：使用运营方密钥时须给出商户。",
    ),
    "fields_more": ("… and {count} more fields", "……另有 {count} 个字段"),
}
