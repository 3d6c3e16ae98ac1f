// Slack as its people see it: channels and direct messages, cards that change in place, warnings in their threads.

import { drawCard, tierOf } from "./card.js";
import { shortName } from "./chat.js";
import { avatar, h, icon, keep } from "./dom.js";
import { loud } from "./loud.js";
import { t, time } from "./words.js";

const MOST = 60;
const WHISPER = 15000; // ms that an answer for one's own eyes stays

export class Slack {
  constructor(live, chat, channels) {
    this.live = live;
    this.chat = chat;
    this.channels = channels;
    this.wish = this.place = "#after-sales";
    this.whispers = new Map(); // what the bot answered to a press, seen by that person alone
  }

  draw(body, deliveries) {
    if (!body.querySelector(".slack")) {
      body.replaceChildren(h("div", { class: "slack" }, h("ul", { class: "places" }), h("div", { class: "slack-main" }, h("div", { class: "place-head" }), h("ol", { class: "messages", tabindex: "0" }))));
    }
    this.places = this.known(deliveries);
    this.place = this.places.includes(this.wish) ? this.wish : this.places[0]; // a place that is not there yet may come
    const list = body.querySelector(".messages");
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 80 || this.drawn !== this.place || this.unshown;
    const here = deliveries.filter((each) => each.target === this.place).sort((one, other) => Number(one.ts) - Number(other.ts));
    const marks = new Set(here.map((each) => each.ts));
    const tops = here.filter((each) => !each.thread || !marks.has(each.thread)).slice(-MOST);
    const rows = tops.map((each) => this.message(each, here.filter((one) => one.thread === each.ts)));
    keep(list, rows.length ? rows : [h("li", { class: "empty", data: { key: "empty", mark: t("emptySlack") } }, icon("bell"), t("emptySlack"))]);
    this.drawHead(body.querySelector(".place-head"));
    this.drawn = this.place;
    this.unshown = list.clientHeight === 0; // on a phone another part is in front
    if (follows) list.scrollTop = list.scrollHeight;
    this.body = body;
  }

  known(deliveries) {
    const shared = this.live.state.merchants.map((each) => each.slack_channel).filter(Boolean);
    const direct = this.live.state.people.filter((each) => each.role === "senior_manager").map((each) => each.slack_user_id);
    const places = [...new Set([...shared, ...deliveries.map((each) => each.target), ...direct])];
    return places.sort((one, other) => other.startsWith("#") - one.startsWith("#") || one.localeCompare(other));
  }

  sees(delivery) {
    return delivery.target === this.place;
  }

  unread(unseen) {
    const list = this.body.querySelector(".places");
    const rows = this.places.map((place) => {
      const { count, tier } = loud([...unseen.values()].filter((each) => each.channel === "slack" && each.target === place));
      const direct = this.owner(place);
      const mark = JSON.stringify([place === this.place, count, tier, direct?.name, t("app")]);
      return h(
        "li", { data: { key: place, mark } },
        h(
          "button", { type: "button", class: count ? "has-unread" : "", "aria-current": place === this.place ? "true" : null, onclick: () => this.go(place) },
          direct ? avatar(direct.name, direct.id) : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
          h("span", { class: "place-name" }, this.title(place)),
          count ? h("span", { class: `unread tier-${tier}` }, String(count)) : null,
        ),
      );
    });
    keep(list, rows);
  }

  go(place) {
    this.wish = place;
    this.channels.draw();
  }

  owner(place) {
    return this.live.state.people.find((each) => each.slack_user_id === place);
  }

  title(place) {
    const owner = this.owner(place);
    return owner ? shortName(owner.name) : place.replace(/^#/, "");
  }

  drawHead(head) {
    const merchant = this.live.state.merchants.find((each) => each.slack_channel === this.place);
    const owner = this.owner(this.place);
    const members = owner ? [owner] : this.live.state.people.filter((each) => merchant && each.merchant_id === merchant.id);
    head.replaceChildren(
      h("b", {}, owner ? this.title(this.place) : this.place), h("span", {}, merchant ? merchant.name : owner ? t(owner.role) : ""),
      h("span", { class: "members", title: members.map((each) => each.name).join(", ") }, members.map((each) => avatar(each.name, each.id))),
    );
  }

  message(delivery, thread) {
    const tier = delivery.card ? tierOf(delivery.card, this.live, delivery.kind === "alert" ? "" : delivery.kind) : null;
    const whisper = this.whispers.get(delivery.key);
    const mark = JSON.stringify([t("edited"), delivery.edits, delivery.kind, tier, thread.map((each) => [each.key, each.edits]), whisper]);
    return h(
      "li", { class: `message kind-${delivery.kind} ${tier ? `tier-${tier}` : ""}`, data: { key: delivery.key, mark } },
      h("span", { class: "bot-face", "aria-hidden": "true" }, icon("bell")),
      h(
        "div", { class: "message-body" },
        h("div", { class: "byline" },
          h("b", {}, "Deskbell"), h("span", { class: "app" }, t("app")), h("time", {}, time(delivery.at)),
          delivery.edits ? h("span", { class: "edited" }, t("edited")) : null, delivery.again ? h("span", { class: "edited" }, t("again")) : null),
        delivery.card ? drawCard(delivery.card, { press: (button) => this.press(delivery, button), tier }) : h("p", {}, delivery.text),
        whisper ? h("p", { class: `whisper ${whisper.ok ? "" : "refused"}` }, h("small", {}, t("onlyYou", { name: whisper.name })), whisper.text) : null,
        thread.length ? h("ul", { class: "thread" }, thread.map((each) => h("li", { class: `kind-${each.kind}` }, h("time", {}, time(each.at)), h("span", {}, each.card ? each.card.title : each.text)))) : null,
      ),
    );
  }

  async press(delivery, button) {
    const name = shortName(this.chat.person.name);
    const reply = await this.chat.say(button.words, { via: delivery.target.startsWith("#") ? delivery.target : this.title(delivery.target) });
    const text = reply.text || reply.cards[0]?.title || "";
    this.whispers.set(delivery.key, { name, text, ok: reply.ok, at: performance.now() });
    this.channels.soon();
    setTimeout(() => {
      if (performance.now() - (this.whispers.get(delivery.key)?.at || 0) < WHISPER) return;
      this.whispers.delete(delivery.key);
      this.channels.soon();
    }, WHISPER + 50);
  }
}
