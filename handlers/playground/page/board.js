// The tickets with their three clocks, ticking by the server's time.

import { $, avatar, h, icon, keep } from "./dom.js";
import { t } from "./words.js";

const ENDED = ["resolved", "closed", "archived"];

export class Board {
  constructor(live, say) {
    this.live = live;
    this.say = say;
    this.bars = [];
    live.addEventListener("state", () => this.draw());
    live.addEventListener("clock", () => this.tick());
    setInterval(() => this.tick(), 100);
  }

  draw() {
    const tickets = [...this.live.state.tickets].sort((one, other) => ended(one) - ended(other) || other.number - one.number);
    const open = tickets.filter((each) => !ended(each));
    $("board-count").textContent = open.length || "";
    const cards = tickets.map((ticket) => this.card(ticket));
    keep($("tickets"), cards.length ? cards : [h("li", { class: "none", data: { key: "none", mark: t("noTickets") } }, t("noTickets"))]);
    keep($("legend"), this.live.state.targets.map(legend));
    this.tick();
  }

  card(ticket) {
    const holder = this.live.person(ticket.assignee);
    const name = `T-${ticket.number}`;
    const mark = JSON.stringify([t("claim"), ticket.state, ticket.tier, ticket.assignee, ticket.priority, ticket.category.label, ticket.sla, holder?.name]);
    const tier = ended(ticket) ? 0 : ticket.tier;
    return h(
      "li", { class: `ticket tier-${tier} is-${ticket.state}`, data: { key: name, mark } },
      h(
        "button", {
          type: "button", class: "open", "aria-label": t("showTicket", { ticket: name, subject: ticket.subject }),
          onclick: () => this.say(`show ${ticket.number}`),
        },
        h("span", { class: "first" }, h("b", {}, name), h("span", { class: "category" }, t(ticket.category.label)), badge(ticket, tier)),
        h("span", { class: "subject" }, ticket.subject),
      ),
      h("div", { class: "clocks" }, this.live.state.targets.map((target) => this.clock(ticket, target))),
      h(
        "div", { class: "foot" },
        h("span", { class: "shop" }, ticket.shop_id),
        holder
          ? h("span", { class: "holder" }, avatar(holder.name, holder.id), holder.name.split(" ")[0])
          : ended(ticket)
            ? null
            : h("button", { type: "button", class: "claim", onclick: () => this.say(`claim ${ticket.number}`) }, t("claim")),
      ),
    );
  }

  clock(ticket, target) {
    const fill = h("i", {});
    const said = h("span", { class: "said" });
    const row = h(
      "div", { class: "clock", role: "img" },
      h("span", { class: "name" }, target.label || `${target.seconds} s`), h("span", { class: "bar" }, fill), said,
    );
    row.ticking = { sla: ticket.sla[target.kind], target };
    row.parts = { fill, said };
    return row;
  }

  tick() {
    const now = this.live.now();
    for (const row of document.querySelectorAll("#tickets .clock")) {
      if (!row.ticking) continue;
      const { share, look, text } = reading(row.ticking, now);
      const { target } = row.ticking;
      row.parts.fill.style.transform = `scaleX(${share.toFixed(4)})`;
      if (row.look !== look) row.className = `clock t${target.tier} ${look}`;
      row.look = look;
      if (row.parts.said.textContent !== text) {
        row.parts.said.textContent = text;
        row.setAttribute("aria-label", t("clockLabel", { label: target.label, target: t(target.kind), said: text }));
      }
    }
  }
}

// How far a clock is: its share, how it looks, what it says.
function reading({ sla, target }, now) {
  const length = target.seconds * 1000;
  const due = sla.due_at && Date.parse(sla.due_at);
  if (sla.met_at) {
    const share = due ? (Date.parse(sla.met_at) - (due - length)) / length : 1;
    return { share: clip(share), look: sla.breached_at ? "met late" : "met", text: "✓" };
  }
  if (!due) return { share: sla.breached_at ? 1 : 0, look: sla.breached_at ? "over" : "stopped", text: sla.breached_at ? t("missed") : "–" };
  const left = due - now;
  if (left > 0) return { share: clip(1 - left / length), look: left < length / 5 ? "running near" : "running", text: t("left", { seconds: Math.ceil(left / 1000) }) };
  const over = Math.floor(-left / 1000);
  return { share: 1, look: "over", text: over < 600 ? t("over", { seconds: over }) : t("missed") };
}

function badge(ticket, tier) {
  if (tier === 3) return h("span", { class: "badge" }, icon("lock"), t("tier", { tier }));
  if (tier) return h("span", { class: "badge" }, icon("bell"), t("tier", { tier }));
  return h("span", { class: "badge quiet" }, t(`state_${ticket.state}`));
}

function legend(target) {
  const stands = t("standsFor", { seconds: target.seconds, label: target.label });
  return h(
    "li", { class: `t${target.tier}`, data: { key: `t${target.tier}`, mark: stands } },
    h("b", {}, stands), h("span", {}, t(`legend${target.tier}`)),
  );
}

function ended(ticket) {
  return ENDED.includes(ticket.state) ? 1 : 0;
}

function clip(share) {
  return Math.min(1, Math.max(0, share));
}
