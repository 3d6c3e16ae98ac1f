// Puts the page together: language, colours, the pause button, keys, what a screen reader is told.

import { Board } from "./board.js";
import { Channels } from "./channels.js";
import { Chat } from "./chat.js";
import { $, icon } from "./dom.js";
import { Live } from "./live.js";
import { lang, speak, t } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const live = new Live();
const chat = new Chat(live);
const channels = new Channels(live, chat);
const board = new Board(live, (words) => {
  if (phone()) view("chat");
  chat.say(words);
});

function words() {
  document.documentElement.lang = lang() === "zh" ? "zh-CN" : "en";
  for (const each of document.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", t(each.dataset.label));
  for (const each of document.querySelectorAll("[data-lang]")) each.setAttribute("aria-pressed", String(each.dataset.lang === lang()));
  for (const each of document.querySelectorAll(".bottom [data-view]")) {
    each.replaceChildren(icon(each.dataset.view), t(`view${each.dataset.view[0].toUpperCase()}${each.dataset.view.slice(1)}`));
  }
  $("chat-input").placeholder = t("input");
  $("new-ticket").replaceChildren(icon("plus"), t("newTicket"));
  $("theme").title = t("theme");
  clock();
}

function clock() {
  const { paused } = live.clock;
  document.body.classList.toggle("time-stands-still", paused);
  const button = $("pause");
  button.setAttribute("aria-pressed", String(paused));
  button.querySelector(".pause-icon").replaceChildren(icon(paused ? "play" : "pause"));
  button.querySelector(".pause-word").textContent = t(paused ? "resume" : "pause");
}

async function toggle() {
  try {
    await live.toggle();
    announce(t(live.clock.paused ? "paused" : "running"));
  } catch (error) {
    toast(t("failed", { why: error.message }));
  }
}

function theme(next) {
  document.documentElement.dataset.theme = next;
  $("theme").replaceChildren(icon({ auto: "auto", light: "sun", dark: "moon" }[next]));
  try {
    localStorage.setItem("deskbell-theme", next);
  } catch {
    // nothing is kept then
  }
}

function storedTheme() {
  try {
    const found = localStorage.getItem("deskbell-theme");
    return THEMES.includes(found) ? found : "auto";
  } catch {
    return "auto";
  }
}

function view(name) {
  document.body.dataset.view = name;
  for (const each of document.querySelectorAll(".bottom [data-view]")) each.setAttribute("aria-current", each.dataset.view === name ? "page" : "false");
  channels.soon();
}

function phone() {
  return matchMedia("(max-width: 860px)").matches;
}

function announce(text) {
  $("announce").textContent = text;
}

let hiding = null;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => ($("toast").hidden = true), 4000);
}

const COMPLAINTS = [
  ["lumen-shopee order:SP-20418", "退款还是没有到账，请再帮我查一下", "My refund still has not arrived, please check again"],
  ["lumen-tiktok order:TT-77120", "包裹破损，里面的灯罩碎了", "The parcel was crushed and the lampshade is broken"],
  ["lumen-pay order:WEB-3307", "付款失败但是卡已经扣款", "Payment failed but my card was charged"],
];
let complaint = 0;
function newTicket() {
  const [where, chinese, english] = COMPLAINTS[complaint++ % COMPLAINTS.length];
  chat.say(lang() === "zh" ? `新建 店铺:${where.replace("order:", "订单:")} ${chinese}` : `new shop:${where} ${english}`);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, button, summary, a, [contenteditable]");
  if (event.code !== "Space" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (!event.repeat) toggle();
});
// A button that was pressed with the mouse lets the keyboard go, so that the next Space pauses instead of pressing it again.
document.addEventListener("click", (event) => {
  if (event.detail > 0) event.target.closest?.("button, summary")?.blur();
});
for (const each of document.querySelectorAll("[data-lang]")) {
  each.addEventListener("click", () => {
    speak(each.dataset.lang);
    words();
    chat.redraw();
    board.draw();
    channels.open(channels.shown);
  });
}
for (const each of document.querySelectorAll(".bottom [data-view]")) each.addEventListener("click", () => view(each.dataset.view));
$("pause").addEventListener("click", toggle);
$("new-ticket").addEventListener("click", newTicket);
$("theme").addEventListener("click", () => theme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]));
document.querySelector(".send").append(icon("send"));

live.addEventListener("clock", clock);
live.addEventListener("connected", (event) => (event.detail ? ($("toast").hidden = true) : toast(t("lost"))));
live.addEventListener("deliveries", (event) => {
  const { delivery, news } = event.detail || {};
  const tier = news && delivery.channel === "slack" && delivery.target.startsWith("#") && /^tier(\d)$/.exec(delivery.kind);
  if (tier) announce(t("tierRings", { tier: tier[1], ticket: delivery.card?.title || delivery.text }));
});

theme(storedTheme());
words();
view("chat");
live.start();
