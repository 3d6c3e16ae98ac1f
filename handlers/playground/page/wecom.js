// WeCom as its people see it: each one's chat with the app, the robot's group, template cards whose buttons call back.

import { shortName } from "./chat.js";
import { avatar, h, icon, keep } from "./dom.js";
import { loud } from "./loud.js";
import { t, time } from "./words.js";

const MOST = 60;
const GROUP = "group";
const COLOURS = ["grey", "black", "red", "green"];
const FONTS = { info: "green", comment: "grey", warning: "orange" };

export class Wecom {
  constructor(live, channels) {
    this.live = live;
    this.channels = channels;
    this.place = null;
    this.failed = new Map(); // why a press did not get through, by message
  }

  draw(body, deliveries) {
    if (!body.querySelector(".wx")) body.replaceChildren(this.frame());
    this.body = body;
    this.place ||= this.people()[0]?.wecom_user_id.toLowerCase();
    const list = body.querySelector(".wx-log");
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 80 || this.drawn !== this.place || this.unshown;
    const here = deliveries.filter((each) => each.target === this.place).sort((one, other) => one.ts - other.ts).slice(-MOST);
    keep(list, here.length ? here.map((each) => this.row(each)) : [h("li", { class: "empty", data: { key: "empty", mark: t("emptyWecom") } }, icon("wecom"), t("emptyWecom"))]);
    this.drawn = this.place;
    this.unshown = list.clientHeight === 0;
    if (follows) list.scrollTop = list.scrollHeight;
    const input = body.querySelector(".wx-say input");
    input.disabled = this.place === GROUP;
    input.placeholder = this.place === GROUP ? "" : t("wecomSay", { name: this.title(this.place) });
    input.setAttribute("aria-label", input.placeholder || t("wecom"));
  }

  frame() {
    const input = h("input", { maxlength: "2000", enterkeyhint: "send", spellcheck: "false" });
    const form = h("form", { class: "wx-say", autocomplete: "off" }, input);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const words = input.value.trim();
      if (!words || this.place === GROUP) return;
      input.value = "";
      await this.live.inWecom("say", { userid: this.place, words }).catch((error) => (input.placeholder = error.message));
    });
    return h("div", { class: "wx" }, h("ul", { class: "wx-places", "aria-label": t("wecomPeople") }), h("ol", { class: "wx-log", tabindex: "0" }), form);
  }

  people() {
    return this.live.state.people.filter((each) => each.wecom_user_id);
  }

  title(place) {
    const person = this.people().find((each) => each.wecom_user_id.toLowerCase() === place);
    return person ? shortName(person.name) : t("wecomGroup");
  }

  sees(delivery) {
    return delivery.target === this.place;
  }

  unread(unseen) {
    const places = [...this.people().map((each) => each.wecom_user_id.toLowerCase()), GROUP];
    keep(this.body.querySelector(".wx-places"), places.map((place) => {
      const { count } = loud([...unseen.values()].filter((each) => each.channel === "wecom" && each.target === place));
      const go = () => {
        this.place = place;
        this.channels.draw();
      };
      return h(
        "li", { data: { key: place, mark: JSON.stringify([place === this.place, count, this.title(place)]) } },
        h("button", { type: "button", "aria-current": place === this.place ? "true" : null, onclick: go },
          place === GROUP ? icon("wecom") : avatar(this.title(place), place), this.title(place), count ? h("span", { class: "unread" }, String(count)) : null),
      );
    }));
  }

  row(delivery) {
    const { type, body } = delivery.wecom;
    const mine = delivery.by === "me";
    const wrong = this.failed.get(delivery.key);
    return h(
      "li", { class: `wx-row ${mine ? "wx-mine" : ""}`, data: { key: delivery.key, mark: JSON.stringify([delivery.edits, wrong, t("wecom")]) } },
      h("time", {}, time(delivery.at)),
      type === "template_card" ? this.card(delivery, body) : h("div", { class: "wx-bubble" }, type === "markdown" ? markdown(body.content || "") : h("p", {}, body.content || "")),
      wrong ? h("p", { class: "wx-wrong", role: "alert" }, wrong) : null,
    );
  }

  card(delivery, card) {
    const selects = [...(card.select_list || []), ...(card.button_selection ? [card.button_selection] : [])].map((each) => select(each));
    const boxes = (card.checkbox?.option_list || []).map((each) => h("label", { class: "wx-pick" },
      h("input", { type: card.checkbox.mode === 1 ? "checkbox" : "radio", name: `${delivery.key}-vote`, value: each.id, "data-question": card.checkbox.question_key, checked: each.is_checked }), each.text));
    const source = card.source || {};
    const title = card.main_title || {};
    const pressed = (button, element) => this.press(delivery, button, element.closest(".wx-card"));
    return h(
      "article", { class: "wx-card" },
      source.desc ? h("p", { class: `wx-source ${COLOURS[source.desc_color || 0]}` }, icon("bell"), source.desc) : null,
      title.title ? h("h4", {}, title.title) : null, title.desc ? h("p", { class: "wx-desc" }, title.desc) : null,
      card.quote_area ? h("blockquote", {}, card.quote_area.title ? h("b", {}, card.quote_area.title) : null, h("p", {}, card.quote_area.quote_text || "")) : null,
      card.sub_title_text ? h("p", { class: "wx-sub" }, card.sub_title_text) : null,
      card.horizontal_content_list ? h("dl", {}, card.horizontal_content_list.map((each) => h("div", {}, h("dt", {}, each.keyname), h("dd", {}, each.value || "")))) : null,
      selects, boxes, this.buttons(card, pressed),
    );
  }

  buttons(card, pressed) {
    if (card.replace_text) return h("p", { class: "wx-grey" }, card.replace_text);
    const all = [...(card.button_list || []), ...(card.action_menu?.action_list || []), ...(card.submit_button ? [card.submit_button] : [])];
    if (!all.length) return null;
    return h("div", { class: `wx-buttons ${all.length > 2 ? "wx-many" : ""}` }, all.map((each) => {
      if (each.type === 1) return /^https?:/.test(each.url || "") ? h("a", { class: "wx-button", href: each.url, target: "_blank", rel: "noreferrer" }, each.text) : null;
      return h("button", { type: "button", class: `wx-button wx-style-${each.style || 1}`, data: { words: each.key }, onclick: (event) => pressed(each, event.currentTarget) }, each.text);
    }));
  }

  async press(delivery, button, card) {
    const selected = {};
    for (const each of card.querySelectorAll("select")) selected[each.dataset.question] = [each.value];
    for (const each of card.querySelectorAll(".wx-pick input:checked")) (selected[each.dataset.question] ||= []).push(each.value);
    this.failed.delete(delivery.key);
    await this.live.inWecom("press", { message: delivery.key, button: button.key, selected }).catch((error) => this.failed.set(delivery.key, error.message));
    this.channels.soon();
  }
}

function select(given) {
  return h("label", { class: "wx-select" }, given.title || "", h("select", { "data-question": given.question_key },
    (given.option_list || []).map((each) => h("option", { value: each.id, selected: each.id === given.selected_id }, each.text))));
}

// WeCom's markdown: headings, bold, links, quotes, three colours, mentions. Whatever else stands there stays text.
function markdown(text) {
  return text.split("\n").map((line) => {
    const quoted = line.startsWith(">");
    const heading = /^#{1,6} /.test(line);
    const rest = line.replace(/^> ?|^#{1,6} /, "");
    return h(quoted ? "blockquote" : "p", {}, heading ? h("b", {}, pieces(rest)) : pieces(rest));
  });
}

function pieces(line) {
  const found = [];
  let at = 0;
  for (const each of line.matchAll(/\*\*(.+?)\*\*|<font color="(info|comment|warning)">(.*?)<\/font>|\[([^\]]+)\]\((https?:[^)\s]+)\)|<@([\w.@-]+)>/g)) {
    found.push(line.slice(at, each.index));
    if (each[1]) found.push(h("b", {}, pieces(each[1])));
    else if (each[2]) found.push(h("span", { class: FONTS[each[2]] }, pieces(each[3])));
    else if (each[4]) found.push(h("a", { href: each[5], target: "_blank", rel: "noreferrer" }, each[4]));
    else found.push(h("span", { class: "wx-at" }, `@${each[6]}`));
    at = each.index + each[0].length;
  }
  found.push(line.slice(at));
  return found;
}
