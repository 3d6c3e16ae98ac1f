// What each channel received: a tab per channel, what is unseen counted by how loud it is.

import { $, h, icon } from "./dom.js";
import { Hooks } from "./hooks.js";
import { loud } from "./loud.js";
import { Mail } from "./mail.js";
import { Slack } from "./slack.js";
import { Texts } from "./texts.js";
import { Wecom } from "./wecom.js";
import { t } from "./words.js";

const ALWAYS = ["both", "wecom", "slack", "email", "webhooks"];
const ORDER = [...ALWAYS, "sms"];
const CHATS = ["wecom", "slack"]; // beside each other where there is room
const wide = matchMedia("(min-width: 1200px)");

export class Channels {
  constructor(live, chat) {
    this.live = live;
    this.unseen = new Map();
    this.wish = "slack";
    this.views = {
      slack: new Slack(live, chat, this), email: new Mail(live), webhooks: new Hooks(live),
      sms: new Texts(live, "sms"), wecom: new Wecom(live, this),
    };
    wide.addEventListener("change", () => this.soon());
    live.addEventListener("deliveries", (event) => this.arrived(event.detail));
    live.addEventListener("state", () => this.soon());
    live.addEventListener("person", () => this.soon());
    $("tabs").addEventListener("keydown", (event) => this.step(event));
  }

  get shown() {
    return CHATS.includes(this.wish) && wide.matches ? "both" : this.wish;
  }

  // The channels that a tab shows.
  within(tab) {
    return tab === "both" ? CHATS : [tab];
  }

  of(channel) {
    return [...this.live.deliveries.values()].filter((each) => each.channel === channel);
  }

  arrived(detail) {
    if (detail?.news) this.unseen.set(detail.delivery.key, detail.delivery);
    this.soon();
  }

  // Many changes in one frame are drawn once.
  soon() {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
    });
  }

  open(channel) {
    this.wish = channel === "both" ? "slack" : channel;
    $("channel-body").replaceChildren();
    this.draw();
  }

  draw() {
    const body = $("channel-body");
    if (body.dataset.shown !== this.shown) {
      body.dataset.shown = this.shown;
      body.replaceChildren(...this.within(this.shown).map((each) => h("section", { class: `view view-${each}`, "aria-label": t(each) })));
    }
    const now = this.within(this.shown);
    while (body.children.length < now.length) body.append(h("section", { class: `view view-${now[body.children.length]}`, "aria-label": t(now[body.children.length]) }));
    now.forEach((each, at) => this.views[each].draw(body.children[at], this.of(each)));
    const seen = matchMedia("(max-width: 860px)").matches && document.body.dataset.view !== "channels" ? () => false : (each) => this.views[each.channel].sees(each);
    for (const [key, each] of this.unseen) if (now.includes(each.channel) && seen(each)) this.unseen.delete(key);
    for (const each of now) this.views[each].unread?.(this.unseen);
    this.drawTabs();
  }

  drawTabs() {
    const there = ORDER.filter((each) => (each === "both" ? wide.matches : CHATS.includes(each) ? !wide.matches : ALWAYS.includes(each) || this.of(each).length));
    const mark = JSON.stringify([t("email"), this.shown, there.map((each) => loud([...this.unseen.values()].filter((one) => this.within(each).includes(one.channel))))]);
    if (mark === this.mark) return;
    this.mark = mark;
    const focused = $("tabs").contains(document.activeElement);
    $("tabs").replaceChildren(...there.map((each) => {
      const { count, tier } = loud([...this.unseen.values()].filter((one) => this.within(each).includes(one.channel)));
      return h(
        "button", {
          type: "button", role: "tab", id: `tab-${each}`, "aria-selected": String(each === this.shown), "aria-controls": "channel-body",
          tabindex: each === this.shown ? 0 : -1, onclick: () => this.open(each),
        },
        icon(each === "both" ? "chat" : each), t(each), count ? h("span", { class: `unread tier-${each === "webhooks" ? 0 : tier}` }, String(count)) : null,
      );
    }));
    $("channel-body").setAttribute("aria-labelledby", `tab-${this.shown}`);
    if (focused) $(`tab-${this.shown}`).focus();
  }

  step(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const there = [...$("tabs").children].map((each) => each.id.slice(4));
    this.open(there[(there.indexOf(this.shown) + step + there.length) % there.length]);
  }
}
