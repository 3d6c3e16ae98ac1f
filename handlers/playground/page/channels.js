// What each channel received: a tab per channel, what is unseen counted by how loud it is.

import { $, h, icon } from "./dom.js";
import { Hooks } from "./hooks.js";
import { loud } from "./loud.js";
import { Mail } from "./mail.js";
import { Slack } from "./slack.js";
import { Texts } from "./texts.js";
import { t } from "./words.js";

const ALWAYS = ["slack", "email", "webhooks"];
const ORDER = [...ALWAYS, "sms", "wecom"];

export class Channels {
  constructor(live, chat) {
    this.live = live;
    this.unseen = new Map();
    this.shown = "slack";
    this.views = {
      slack: new Slack(live, chat, this), email: new Mail(live), webhooks: new Hooks(live),
      sms: new Texts(live, "sms"), wecom: new Texts(live, "wecom"),
    };
    live.addEventListener("deliveries", (event) => this.arrived(event.detail));
    live.addEventListener("state", () => this.soon());
    live.addEventListener("person", () => this.soon());
    $("tabs").addEventListener("keydown", (event) => this.step(event));
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
    this.shown = channel;
    $("channel-body").replaceChildren();
    this.draw();
  }

  draw() {
    const view = this.views[this.shown];
    view.draw($("channel-body"), this.of(this.shown));
    const seen = matchMedia("(max-width: 860px)").matches && document.body.dataset.view !== "channels" ? () => false : (each) => view.sees(each);
    for (const [key, each] of this.unseen) if (each.channel === this.shown && seen(each)) this.unseen.delete(key);
    view.unread?.(this.unseen);
    this.drawTabs();
  }

  drawTabs() {
    const there = ORDER.filter((each) => ALWAYS.includes(each) || this.of(each).length);
    const mark = JSON.stringify([t("email"), this.shown, there.map((each) => loud([...this.unseen.values()].filter((one) => one.channel === each)))]);
    if (mark === this.mark) return;
    this.mark = mark;
    const focused = $("tabs").contains(document.activeElement);
    $("tabs").replaceChildren(...there.map((each) => {
      const { count, tier } = loud([...this.unseen.values()].filter((one) => one.channel === each));
      return h(
        "button", {
          type: "button", role: "tab", id: `tab-${each}`, "aria-selected": String(each === this.shown), "aria-controls": "channel-body",
          tabindex: each === this.shown ? 0 : -1, onclick: () => this.open(each),
        },
        icon(each), t(each), count ? h("span", { class: `unread tier-${each === "webhooks" ? 0 : tier}` }, String(count)) : null,
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
