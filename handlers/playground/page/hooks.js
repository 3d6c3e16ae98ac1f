// Webhooks as a receiver gets them: the event's name, its headers, its body.

import { h, icon, keep } from "./dom.js";
import { t, time } from "./words.js";

const MOST = 80;

export class Hooks {
  constructor(live) {
    this.live = live;
  }

  draw(body, deliveries) {
    if (!body.querySelector(".hooks")) body.replaceChildren(h("ul", { class: "hooks", tabindex: "0" }));
    const events = deliveries.sort((one, other) => Number(other.ts) - Number(one.ts)).slice(0, MOST);
    const rows = events.map((each) => this.row(each));
    keep(body.querySelector(".hooks"), rows.length ? rows : [h("li", { class: "empty", data: { key: "empty", mark: t("emptyWebhooks") } }, icon("webhooks"), t("emptyWebhooks"))]);
  }

  sees() {
    return true;
  }

  row(delivery) {
    const { type = delivery.kind, data = {} } = delivery.data;
    const content = h("div", { class: "hook-body" });
    const details = h(
      "details", { ontoggle: () => details.open && !content.firstChild && content.append(...this.content(delivery)) },
      h("summary", {},
        h("span", { class: `hook-type ${family(type)}` }, type), h("span", { class: "hook-ticket" }, data.number ? `T-${data.number}` : ""),
        h("span", { class: "hook-subject" }, data.subject || ""), h("time", {}, time(delivery.at))),
      content,
    );
    return h("li", { data: { key: delivery.key, mark: t("signed") } }, details);
  }

  content(delivery) {
    return [
      h("p", { class: "hook-line" }, h("b", {}, "POST "), delivery.url || delivery.target),
      h("p", { class: "hook-line" }, h("b", {}, "webhook-id "), delivery.id),
      h("p", { class: "hook-line" }, h("b", {}, "webhook-signature "), `v1,… (${t("signed")})`),
      h("pre", { tabindex: "0" }, pretty(delivery.data, 0)),
    ];
  }
}

function family(type) {
  const tier = /^sla\.tier(\d)$/.exec(type);
  if (tier) return `tier-${tier[1]}`;
  if (type === "sla.warning") return "tier-1";
  return type.startsWith("shop.") || type === "ticket.escalated" ? "tier-3" : "calm";
}

// JSON with colours, as elements: its strings are buyers' words.
function pretty(value, depth) {
  const pad = "  ".repeat(depth + 1);
  if (value === null || typeof value === "boolean") return [h("span", { class: "j-word" }, String(value))];
  if (typeof value === "number") return [h("span", { class: "j-number" }, String(value))];
  if (typeof value === "string") return [h("span", { class: "j-text" }, JSON.stringify(value))];
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (!entries.length) return [list ? "[]" : "{}"];
  const inner = entries.flatMap(([name, each], place) => [
    pad, list ? "" : h("span", { class: "j-key" }, JSON.stringify(name)), list ? "" : ": ", ...pretty(each, depth + 1),
    place < entries.length - 1 ? ",\n" : "\n",
  ]);
  return [list ? "[\n" : "{\n", ...inner, "  ".repeat(depth), list ? "]" : "}"];
}
