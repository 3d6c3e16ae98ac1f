// E-mail as a mail program shows it: a list, and the mail that is open.

import { avatar, h, icon, keep } from "./dom.js";
import { t, time } from "./words.js";

export class Mail {
  constructor(live) {
    this.live = live;
    this.chosen = null; // none: the newest
  }

  draw(body, deliveries) {
    if (!body.querySelector(".mail")) {
      body.replaceChildren(h("div", { class: "mail" }, h("ul", { class: "mails", tabindex: "0" }), h("div", { class: "sheet-place" })));
    }
    this.body = body;
    this.mails = deliveries.sort((one, other) => Number(other.ts) - Number(one.ts));
    const open = this.mails.find((each) => each.key === this.chosen) || this.mails[0];
    const rows = this.mails.map((each) => this.row(each, each === open));
    keep(body.querySelector(".mails"), rows.length ? rows : [h("li", { class: "empty", data: { key: "empty", mark: t("emptyEmail") } }, icon("email"), t("emptyEmail"))]);
    keep(body.querySelector(".sheet-place"), open ? [this.sheet(open)] : []);
  }

  sees() {
    return true;
  }

  row(mail, open) {
    const mark = JSON.stringify([open, t("to")]);
    return h(
      "li", { class: `kind-${mail.kind}`, data: { key: mail.key, mark } },
      h(
        "button", { type: "button", "aria-current": open ? "true" : null, onclick: () => this.open(mail.key) },
        h("span", { class: "mail-to" }, this.recipient(mail), h("time", {}, time(mail.at))), h("span", { class: "mail-subject" }, mail.text),
      ),
    );
  }

  open(key) {
    this.chosen = key;
    this.draw(this.body, this.mails);
    if (matchMedia("(max-width: 860px)").matches) this.body.querySelector(".sheet-place").scrollIntoView({ behavior: "smooth" });
  }

  recipient(mail) {
    if (mail.kind === "reply") return t("buyerMail");
    const merchant = this.live.state.merchants.find((each) => each.emails.includes(mail.target));
    const person = this.live.state.people.find((each) => each.email === mail.target);
    return person?.name || merchant?.name || mail.target;
  }

  sheet(mail) {
    const { card } = mail;
    return h(
      "article", { class: `sheet kind-${mail.kind}`, data: { key: mail.key, mark: t("to") }, lang: mail.locale },
      h("header", {},
        h("h3", {}, mail.text),
        h("div", { class: "addresses" }, avatar("D", "deskbell"), h("div", {},
          h("div", {}, h("b", {}, "Deskbell "), h("span", {}, "<desk@deskbell.example>")), h("div", {}, `${t("to")}: ${mail.target}`)), h("time", {}, time(mail.at)))),
      card ? h(
        "div", { class: `mail-card tone-${card.tone}` },
        mail.kind === "reply" ? null : h("h4", {}, card.title),
        card.lines.map((line) => h("p", {}, line)),
        card.fields.length ? h("table", {}, h("tbody", {}, card.fields.map((field) => h("tr", {}, h("th", { scope: "row" }, field.label), h("td", {}, field.value))))) : null,
        card.quotes.map((quote) => h("blockquote", {}, h("cite", {}, quote.author), h("p", {}, quote.text))),
        card.footer ? h("footer", {}, card.footer) : null,
      ) : null,
    );
  }
}
