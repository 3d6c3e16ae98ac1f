// The chat as three people: what each said, what the bot answered, cards with working buttons.

import { drawCard, tierOf } from "./card.js";
import { $, avatar, h, icon } from "./dom.js";
import { lang, t, time } from "./words.js";

const HELLO = { agent: "helloAgent", lead: "helloLead", senior_manager: "helloSenior" };

export class Chat {
  constructor(live) {
    this.live = live;
    this.who = null;
    this.spoken = new Map(); // by person: what stands in their log
    this.history = [];
    this.back = 0;
    live.addEventListener("state", () => this.known());
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed();
    });
    $("chat-input").addEventListener("keydown", (event) => this.recall(event));
  }

  get person() {
    return this.live.person(this.who);
  }

  known() {
    if (!this.who) this.who = this.live.state.cast.find((id) => this.live.person(id)) || null;
    const mark = JSON.stringify([lang(), this.who, this.live.state.people, this.live.state.tickets.map((each) => [each.number, each.state, each.assignee])]);
    if (mark === this.mark || !this.who) return;
    const first = !this.mark;
    this.mark = mark;
    this.drawPeople();
    this.drawChips();
    this.drawOffer();
    if (first) this.drawLog();
  }

  redraw() {
    this.mark = null;
    this.known();
  }

  be(id) {
    this.who = id;
    this.redraw();
    this.live.tell("person", id);
  }

  async say(words, { via = null } = {}) {
    const who = this.who;
    const log = this.logOf(who);
    log.push({ mine: true, words, via, at: this.live.now() });
    this.add(log.at(-1), who);
    try {
      const reply = await this.live.say(who, words);
      log.push({ reply, at: this.live.now() });
      this.add(log.at(-1), who);
      return reply;
    } catch (error) {
      log.push({ reply: { text: t("failed", { why: error.message }), ok: false, cards: [] }, at: this.live.now() });
      this.add(log.at(-1), who);
      return log.at(-1).reply;
    }
  }

  typed() {
    const input = $("chat-input");
    const words = input.value.trim();
    if (!words || !this.who) return;
    this.history.push(words);
    this.back = this.history.length;
    input.value = "";
    this.say(words);
  }

  recall(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const at = this.back + (event.key === "ArrowUp" ? -1 : 1);
    if (at < 0 || at > this.history.length) return;
    event.preventDefault();
    this.back = at;
    event.target.value = this.history[at] || "";
  }

  logOf(who) {
    if (!this.spoken.has(who)) this.spoken.set(who, []);
    return this.spoken.get(who);
  }

  drawPeople() {
    const focused = document.activeElement?.closest("#people");
    $("people").replaceChildren(
      ...this.live.state.cast.map((id) => this.live.person(id)).filter(Boolean).map((person) =>
        h(
          "button", {
            type: "button", role: "tab", id: `as-${person.id}`, "aria-selected": String(person.id === this.who), "aria-controls": "log",
            tabindex: person.id === this.who ? 0 : -1, onclick: () => this.be(person.id), onkeydown: (event) => this.stepPerson(event),
          },
          avatar(person.name, person.id),
          h("span", {}, h("b", {}, shortName(person.name)), h("small", {}, t(person.role))),
        )),
    );
    if (focused) $(`as-${this.who}`)?.focus();
  }

  stepPerson(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const cast = this.live.state.cast;
    this.be(cast[(cast.indexOf(this.who) + step + cast.length) % cast.length]);
  }

  drawLog() {
    const person = this.person;
    const merchant = this.live.state.merchants.find((each) => each.id === person.merchant_id);
    const log = $("log");
    log.replaceChildren(
      h("div", { class: "hello" }, avatar(person.name, person.id), h("div", {},
        h("b", {}, person.name), h("small", {}, merchant ? merchant.name : t("operator")), h("p", {}, t(HELLO[person.role], { name: shortName(person.name) })))),
      ...this.logOf(this.who).map((entry) => this.entry(entry)),
    );
    log.scrollTop = log.scrollHeight;
  }

  add(entry, who) {
    if (who !== this.who) return;
    const log = $("log");
    const shown = this.entry(entry);
    log.append(shown);
    // A long answer is read from its start.
    log.scrollTop = entry.mine ? log.scrollHeight : Math.min(log.scrollHeight, shown.offsetTop - log.offsetTop - 56);
  }

  entry(entry) {
    if (entry.mine) {
      const via = entry.via ? h("small", {}, t("pressed", { place: entry.via })) : null;
      return h("div", { class: "mine" }, h("p", {}, entry.words), via);
    }
    const { reply } = entry;
    const told = reply.cards.some((card) => card.title === reply.text);
    return h(
      "div", { class: `bot ${reply.ok ? "" : "refused"}`, lang: reply.locale },
      h("span", { class: "who" }, icon("bell"), "Deskbell", h("time", {}, time(entry.at))),
      reply.text && !told ? h("p", { class: "bubble" }, reply.text) : null,
      reply.cards.map((card) => drawCard(card, { press: (button) => this.say(button.words), tier: tierOf(card, this.live), small: reply.cards.length > 2 })),
    );
  }

  drawChips() {
    $("chips").replaceChildren(...this.suggestions().map((words) =>
      h("button", { type: "button", class: "chip", onclick: () => this.say(words) }, words)));
  }

  suggestions() {
    const mine = this.live.state.tickets.filter((each) => !this.person.merchant_id || each.merchant_id === this.person.merchant_id);
    const open = mine.filter((each) => ["new", "open", "pending"].includes(each.state));
    const free = open.find((each) => !each.assignee);
    const number = (free || open[0] || mine[0])?.number || 1001;
    const held = open.find((each) => each.assignee === this.who)?.number;
    const frozen = open.find((each) => each.tier === 3);
    const chinese = lang() === "zh";
    if (this.person.role === "senior_manager") {
      const lift = frozen && (chinese ? `解冻 shop:${frozen.shop_id} 已联系买家` : `unfreeze shop:${frozen.shop_id} buyer called`);
      return ["list overdue", `show ${number}`, `claim ${number}`, "freezes", lift, `why ${number}`, `认领 ${number}`, "help"].filter(Boolean);
    }
    if (this.person.role === "lead") {
      return ["list", `assign ${number} @mei-lin`, `priority ${number} urgent`, `why ${number}`, `转派 ${number} @mei-lin`, `escalate ${number}`, "help"];
    }
    const answer = held && (chinese ? `回复 ${held} 您好，我们正在处理，今天给您答复。` : `reply ${held} We are on it and will write today.`);
    return ["list", `show ${number}`, `claim ${number}`, `认领 ${number}`, answer, held && `resolve ${held}`, `why ${number}`, "help"].filter(Boolean);
  }

  // The page speaks one language, the bot may speak another with this person: one press mends it.
  drawOffer() {
    const { locale, name } = this.person;
    const offer = $("offer");
    offer.hidden = !locale || locale === lang();
    if (offer.hidden) return;
    offer.replaceChildren(
      h("span", {}, t("offer", { name: shortName(name), now: t(locale) })),
      h("button", { type: "button", class: "link", onclick: () => this.say(`lang ${lang()}`) }, t("offerButton")),
    );
  }
}

export function shortName(name) {
  const chinese = name.match(/\p{Script=Han}+/u);
  return lang() === "zh" && chinese ? chinese[0] : name.replace(/\s*\p{Script=Han}+/u, "");
}
