// The page's own words, English and Chinese. What the bot says comes from the bot.

const WORDS = {
  skip: ["Skip to the chat", "跳到聊天"],
  playground: ["playground", "试用"],
  pitch: ["After-sales tickets with three clocks. Nobody answers? It rings, louder each time.", "售后工单，三级计时。没人处理就会响铃，一次比一次更响。"],
  language: ["Language of this page", "页面语言"],
  theme: ["Colours: automatic, light, dark", "配色：自动、浅色、深色"],
  space: ["Space", "空格"],
  pause: ["Pause time", "暂停时间"],
  resume: ["Resume time", "继续计时"],
  paused: ["Time stands still", "时间已暂停"],
  running: ["Time runs", "时间继续"],
  board: ["Tickets on the clock", "计时中的工单"],
  newTicket: ["New ticket", "新工单"],
  chat: ["Chat with Deskbell", "与 Deskbell 聊天"],
  speakAs: ["Speak as", "以谁的身份"],
  suggestions: ["Suggestions", "建议"],
  inputLabel: ["Say something to Deskbell", "对 Deskbell 说"],
  input: ["Type a command, or try help", "输入命令，或试试 帮助"],
  send: ["Send", "发送"],
  channels: ["What each channel received", "各渠道实际收到的内容"],
  views: ["Views", "视图"],
  viewBoard: ["Tickets", "工单"],
  viewChat: ["Chat", "聊天"],
  viewChannels: ["Channels", "渠道"],
  both: ["WeCom + Slack", "企业微信 + Slack"],
  wecomGroup: ["Group", "群"],
  wecomSay: ["Type to Deskbell in WeCom as {name}", "以 {name} 的身份在企业微信中输入"],
  wecomPeople: ["People in WeCom", "企业微信中的人"],
  emptyWecom: ["Quiet here. Cards come with the next ticket.", "还没有消息。下一张工单到达时会出现卡片。"],
  slack: ["Slack", "Slack"],
  email: ["E-mail", "邮件"],
  webhooks: ["Webhooks", "Webhooks"],
  sms: ["SMS", "短信"],
  wecom: ["WeCom", "企业微信"],
  legend1: ["first response · alert", "首次响应 · 告警"],
  legend2: ["resolution · senior managers", "解决 · 通知高级经理"],
  legend3: ["closure · refunds frozen", "关闭 · 冻结退款"],
  standsFor: ["{seconds} s = {label}", "{seconds} 秒 = {label}"],
  tier: ["Tier {tier}", "{tier} 级"],
  tierRings: ["Tier {tier} rings: {ticket}", "{tier} 级响铃：{ticket}"],
  unclaimed: ["Nobody yet", "暂无负责人"],
  claim: ["Claim", "认领"],
  left: ["{seconds} s", "{seconds} 秒"],
  over: ["+{seconds} s", "+{seconds} 秒"],
  met: ["met", "达成"],
  missed: ["missed", "超时"],
  stopped: ["stopped", "停止"],
  clockLabel: ["{label} {target}: {said}", "{label}{target}：{said}"],
  first_response: ["first response", "首次响应"],
  resolution: ["resolution", "解决"],
  closure: ["closure", "关闭"],
  showTicket: ["Show {ticket}: {subject}", "查看 {ticket}：{subject}"],
  noTickets: ["The first tickets are on their way.", "第一批工单马上就到。"],
  agent: ["Agent", "客服"],
  lead: ["Lead", "主管"],
  senior_manager: ["Senior manager", "高级经理"],
  operator: ["operator, sees all merchants", "运营方，可看所有商户"],
  helloAgent: [
    "You are {name}, who answers buyers. Claim a ticket before its first bar fills, and leave another alone to hear it ring three times.",
    "您是 {name}，负责回复买家。请在第一条进度满之前认领一张工单，再放着另一张不管，听它响三次。",
  ],
  helloLead: [
    "You are {name}, who leads the team: assign, merge, reopen, or release what somebody else holds.",
    "您是 {name}，团队主管：可以转派、合并、重开，也能释放别人的工单。",
  ],
  helloSenior: [
    "You are {name}. Tier 2 reaches you in person; when tier 3 has frozen a shop's refunds, you alone can lift it.",
    "您是 {name}。二级响铃会直接通知您；三级冻结店铺退款后，只有您能解冻。",
  ],
  offer: ["{name} is answered in {now}.", "目前用{now}回复 {name}。"],
  offerButton: ["Answer in English", "改用中文"],
  zh: ["Chinese", "中文"],
  en: ["English", "英文"],
  pressed: ["pressed in {place}", "在 {place} 点击"],
  onlyYou: ["Only visible to {name}", "仅 {name} 可见"],
  failed: ["That did not reach the desk: {why}", "没有送达：{why}"],
  lost: ["The connection is gone; trying again…", "连接中断，正在重试…"],
  edited: ["edited", "已编辑"],
  again: ["perhaps a repeat", "可能重复"],
  app: ["APP", "应用"],
  replies: ["{count} in thread", "话题中 {count} 条"],
  directMessages: ["Direct messages", "私信"],
  channelsOf: ["Channels", "频道"],
  emptySlack: ["Quiet here. The first card comes with the first ticket.", "还没有消息。第一张工单到达时会出现卡片。"],
  emptyEmail: ["No mail yet. Tier 1 writes to the merchant, tier 2 to the senior managers.", "还没有邮件。一级通知商户，二级通知高级经理。"],
  emptyWebhooks: ["No events yet. Every change of a ticket is one.", "还没有事件。工单的每次变化都会推送。"],
  emptyOther: ["Nothing yet.", "还没有消息。"],
  from: ["From", "发件人"],
  to: ["To", "收件人"],
  buyerMail: ["to the buyer", "发给买家"],
  signed: ["signed with HMAC-SHA256", "HMAC-SHA256 签名"],
  frozen: ["Refunds frozen", "退款已冻结"],
  state_new: ["new", "新建"], state_open: ["open", "处理中"], state_pending: ["waiting for buyer", "等待买家"],
  state_resolved: ["resolved", "已解决"], state_closed: ["closed", "已关闭"], state_archived: ["archived", "已归档"],
  refund_delay: ["Refund delay", "退款延迟"], refund_request: ["Refund request", "退款申请"], fx_dispute: ["Exchange rate", "汇率异议"],
  chargeback_alert: ["Chargeback", "拒付预警"], unauthorized_payment: ["Unauthorised", "盗刷欺诈"],
  duplicate_charge: ["Duplicate charge", "重复扣款"], payment_failed: ["Payment failed", "支付失败"],
  not_received: ["Not received", "未收到货"], not_as_described: ["Not as described", "货不对板"],
  settlement_delay: ["Settlement delay", "结算延迟"], reconciliation_mismatch: ["Reconciliation", "对账差异"],
  account_verification: ["Verification", "账户审核"], other: ["Other", "其他"],
};

let language = remembered() || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

export function lang() {
  return language;
}

export function speak(next) {
  language = next;
  try {
    localStorage.setItem("deskbell-lang", next);
  } catch {
    // a browser that keeps nothing still speaks both
  }
}

export function t(key, values = {}) {
  const found = WORDS[key];
  if (!found) return key;
  return found[language === "zh" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

function remembered() {
  try {
    return localStorage.getItem("deskbell-lang");
  } catch {
    return null;
  }
}
