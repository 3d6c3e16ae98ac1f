// Short messages and robots: plain bubbles per recipient.

import { drawCard, tierOf } from "./card.js";
import { h, icon, keep } from "./dom.js";
import { t, time } from "./words.js";

export class Texts {
  constructor(live, channel) {
    this.live = live;
    this.channel = channel;
  }

  draw(body, deliveries) {
    if (!body.querySelector(".texts")) body.replaceChildren(h("ul", { class: "texts", tabindex: "0" }));
    const rows = deliveries.sort((one, other) => Number(one.ts) - Number(other.ts)).map((each) => this.row(each));
    keep(body.querySelector(".texts"), rows.length ? rows : [h("li", { class: "empty", data: { key: "empty", mark: t("emptyOther") } }, icon(this.channel), t("emptyOther"))]);
  }

  sees() {
    return true;
  }

  row(delivery) {
    const shown = delivery.card && this.channel !== "sms" ? drawCard(delivery.card, { tier: tierOf(delivery.card, this.live, delivery.kind) }) : h("p", { class: "bubble" }, delivery.text);
    return h("li", { data: { key: delivery.key, mark: t("to") } }, h("small", {}, `${t("to")} ${delivery.target} · ${time(delivery.at)}`), shown);
  }
}
