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
    press && card.buttons.length ? h("div", { class: "buttons" }, card.buttons.map((button) => (/^https?:/.test(button.url) ? link(button) : pressable(button, press)))) : null,
    card.footer ? h("footer", {}, card.footer) : null,
  );
}

function pressable(button, press) {
  const element = h("button", { type: "button", class: `button ${button.style}`, data: { words: button.words } }, button.label);
  element.addEventListener("click", async () => {
    if (button.form === "must") return ask(element, button, press);
    element.setAttribute("aria-busy", "true");
    await press(button);
    element.removeAttribute("aria-busy");
  });
  return element;
}

function link(button) {
  return h("a", { class: `button ${button.style}`, href: button.url, target: "_blank", rel: "noreferrer" }, button.label);
}

// Slack opens a form here; the playground takes what is typed behind the words.
function ask(element, button, press) {
  const input = h("input", { type: "text", class: "asks", "aria-label": button.label, placeholder: `${button.words} …` });
  const form = h("form", {}, input);
  const close = () => form.replaceWith(element);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    close();
    if (text) await press({ ...button, words: `${button.words} ${text}` });
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  element.replaceWith(form);
  input.focus();
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
