// A card as people read it; a button says its words.

import { h } from "./dom.js";

export function drawCard(card, { press, tier = null, small = false } = {}) {
  const loud = tier ? `tier-${tier}` : "";
  return h(
    "article", { class: `card tone-${card.tone} ${loud} ${small ? "small" : ""}` },
    h("h4", {}, card.title),
    card.lines.length ? h("div", { class: "lines" }, card.lines.map((line) => h("p", {}, line))) : null,
    card.fields.length ? h("dl", {}, card.fields.map((field) => h("div", {}, h("dt", {}, field.label), h("dd", {}, field.value)))) : null,
    card.quotes.map((quote) => h("blockquote", {}, h("cite", {}, quote.author), h("p", {}, quote.text))),
    press && card.buttons.length ? h("div", { class: "buttons" }, card.buttons.map((button) => pressable(button, press))) : null,
    card.footer ? h("footer", {}, card.footer) : null,
  );
}

function pressable(button, press) {
  const element = h("button", { type: "button", class: `button ${button.style}`, data: { words: button.words } }, button.label);
  element.addEventListener("click", async () => {
    element.setAttribute("aria-busy", "true");
    await press(button);
    element.removeAttribute("aria-busy");
  });
  return element;
}

// The ticket that a card is about, by its title.
export function ticketOf(card) {
  const found = card && /T-(\d+)/.exec(card.title);
  return found ? Number(found[1]) : null;
}

// An `alarm` is tier 2 or 3: the ticket knows which.
export function tierOf(card, live, kind = "") {
  if (/^tier\d$/.test(kind)) return Number(kind[4]);
  if (card.tone === "warn") return 1;
  if (card.tone !== "alarm") return null;
  return live.ticket(ticketOf(card))?.tier || 2;
}
