"""Statements that do not agree with what is known here: what is wrong, and what to do."""

SENTENCES: dict[str, tuple[str, str]] = {
    "statement_columns_missing": (
        "A statement needs these columns: {columns}. Rename yours, or see docs/import.md for all names that are known.",
        "账单缺少列：{columns}。请修改列名；所有可识别的列名见 docs/import.md。",
    ),
    "statement_columns_twice": (
        "“{column}” and “{other}” are both read as {meant}: rename or remove one of them.",
        "“{column}” 与 “{other}” 都会被当作 {meant}：请改名或删除其中一列。",
    ),
    "statement_type": ("“{value}” is no type of line: {known}.", "“{value}” 不是可识别的类型：{known}。"),
    "statement_negative": (
        "A payment of {value}: if it went back, its type is refund.",
        "付款金额为 {value}：如为退款，类型应填 refund（退款）。",
    ),
    "statement_which": (
        "Several shops have “{about}”: name the right one in a column shop_id.",
        "有多个店铺的订单与 “{about}” 对应：请增加 shop_id 列指明店铺。",
    ),
    "statement_whose": (
        "No order is known for this line, so nobody knows whose it is: name a shop, in a column shop_id or for the whole file.",
        "该行找不到对应订单，无法确定归属：请增加 shop_id 列，或为整个文件指定店铺。",
    ),
    "statement_too_many": (
        "More than {most} differences: is this the right file, and the right merchant? If it is, send it again with a larger `most`.",
        "差异超过 {most} 条：请确认文件与商户是否正确；如无误，请加大 most 后重新提交。",
    ),
    "statement_one_payment": ("More than {most} lines of one payment.", "同一笔付款的明细超过 {most} 行。"),
    "statement_period": (
        "A period needs both its beginning and its end, and the one before the other.",
        "对账期间需要同时填写起止，且开始早于结束。",
    ),
    "statement_moment": (
        "“{value}” is no day and no time: write 2026-11-01 or 2026-11-01T00:00:00Z.",
        "“{value}” 不是日期或时间，请写成 2026-11-01 或 2026-11-01T00:00:00Z。",
    ),
    "statement_tolerance": (
        "“{value}” is no tolerance: write a percentage below 100, such as 0.5.",
        "“{value}” 不是容差，请写小于 100 的百分数，如 0.5。",
    ),
    "statement_most": ("`most` is a number from 1 to 1000000.", "most 应为 1 到 1000000 之间的整数。"),
    "statement.missing_in_ours": ("In the statement, not in our books", "账单有、系统无"),
    "statement.other_transaction": ("Paid by another transaction", "交易号不符"),
    "statement.duplicate_line": ("Twice in the statement", "账单重复入账"),
    "statement.amount_differs": ("Amount differs", "金额不符"),
    "statement.currency_differs": ("Currency differs", "币种不符"),
    "statement.refund_exceeds": ("More refunded than paid", "退款超过付款"),
    "statement.refund_unknown": ("Refund not known", "退款不存在"),
    "statement.refund_differs": ("Refund differs", "退款不符"),
    "statement.refund_not_settled": ("Refund not settled", "退款未结算"),
    "statement.net_differs": ("Net does not add up", "净额不符"),
    "statement.missing_in_statement": ("In our books, not in the statement", "系统有、账单无"),
    "statement_remedy.missing_in_ours": (
        "No order is known for this line of the statement. Look the transaction up at the institution; is it your sale, put the order in.",
        "账单中的这一行找不到对应订单。请向支付机构核实该交易；如确为本店销售，请补录订单。",
    ),
    "statement_remedy.other_transaction": (
        "The order is known, but as paid by another transaction. Was it paid twice, or was the number put in wrong?",
        "订单存在，但系统记录的是另一个交易号。请核实是否重复付款或交易号录入有误。",
    ),
    "statement_remedy.duplicate_line": (
        "The same line stands in the statement more than once. Ask the institution whether it was settled twice.",
        "账单中同一行出现多次。请向支付机构核实是否重复结算。",
    ),
    "statement_remedy.amount_differs": (
        "What was settled is not what the order comes to. Compare the order with the institution's own record of the payment.",
        "结算金额与订单金额不一致。请核对订单与支付机构的付款记录。",
    ),
    "statement_remedy.currency_differs": (
        "What was settled is in another currency than the order, and the statement names no rate (or several) for it.",
        "结算币种与订单币种不同，且账单未给出（或给出多个）汇率。",
    ),
    "statement_remedy.refund_exceeds": (
        "More was given back than was paid. Stop further refunds of this order, and look for a refund made twice.",
        "退款总额超过付款金额。请暂停该订单的退款，并核实是否重复退款。",
    ),
    "statement_remedy.refund_unknown": (
        "The institution has told of other refunds of this payment, and not of this one. Ask who gave it back.",
        "支付机构通知过该笔付款的其他退款，但没有这一笔。请核实退款由谁发起。",
    ),
    "statement_remedy.refund_differs": (
        "The refund was settled otherwise than the institution told when it was made: another amount, or one that had failed.",
        "退款的结算结果与支付机构此前的通知不一致：金额不同，或该退款此前已失败。",
    ),
    "statement_remedy.refund_not_settled": (
        "Given back in the period, and in no statement so far. Ask the institution whether the buyer has got it.",
        "该退款在对账期内已成功，但至今未出现在任何账单中。请向支付机构核实买家是否已收到。",
    ),
    "statement_remedy.net_differs": (
        "Gross less fee is not net. Ask the institution for the missing part: another fee, a reserve, a tax.",
        "总额减手续费不等于净额。请向支付机构核实差额（其他费用、保证金或税）。",
    ),
    "statement_remedy.missing_in_statement": (
        "Paid in the period, and in no statement so far. Ask the institution when it is settled.",
        "该订单在对账期内已付款，但至今未出现在任何账单中。请向支付机构核实结算时间。",
    ),
    "statement_type.payment": ("payment", "付款"),
    "statement_type.refund": ("refund", "退款"),
    "statement_type.fee": ("fee", "手续费"),
    "statement_type.other": ("other", "其他"),
    "statement_subject": ("{cause}: {about}, {amount}", "{cause}：{about}，{amount}"),
    "statement_line": ("In the statement: {type}, {given}", "账单：{type}，{given}"),
    "statement_transaction_id": ("Transaction: {value}", "交易号：{value}"),
    "statement_order_no": ("Order number: {value}", "订单号：{value}"),
    "statement_refund_id": ("Refund: {value}", "退款单号：{value}"),
    "statement_line_id": ("Line: {value}", "明细编号：{value}"),
    "statement_settled_at": ("Settled: {value}", "结算时间：{value}"),
    "statement_row": ("File: {name}, row {row} ({id})", "文件：{name}，第 {row} 行（{id}）"),
    "statement_file": ("File: {name} ({id})", "文件：{name}（{id}）"),
    "statement_order": ("In our books: order {order} of shop {shop}, {ours}", "系统：店铺 {shop} 的订单 {order}，{ours}"),
    "statement_paid": ("Paid by transaction {transaction} at {at}", "付款交易号：{transaction}，付款时间：{at}"),
    "statement_ours": ("Worked out: {ours}", "应为：{ours}"),
}
