// Builds elements. Text is always a text node: nothing that anybody wrote is ever parsed as markup.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

const SHAPES = {
  bell: "M12 3a6 6 0 0 0-6 6v4l-2 3h16l-2-3V9a6 6 0 0 0-6-6zM10 19a2 2 0 0 0 4 0",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5v15l12-7.5z",
  send: "M4 12h15M13 6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  slack: "M9 4v16M15 4v16M4 9h16M4 15h16",
  email: "M3 6h18v12H3zM3 7l9 6 9-6",
  webhooks: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  sms: "M4 5h16v11H10l-5 4v-4H4z",
  wecom: "M4 5h12v8H9l-4 3v-3H4zM19 9h1v7h-1v3l-4-3h-4v-1",
  board: "M12 4a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v5l3 2M9 2h6",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  channels: "M4 6h16M4 12h16M4 18h16",
  check: "M5 12.5l4.5 4.5L19 7.5",
  snow: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const INKS = ["ink-a", "ink-b", "ink-c", "ink-d", "ink-e"];

export function avatar(name, seed = name) {
  const sum = [...seed].reduce((total, letter) => total + letter.codePointAt(0), 0);
  const latin = name.match(/\b[A-Z]/g);
  const letters = latin ? latin.slice(0, 2).join("") : [...name].slice(0, 1).join("");
  return h("span", { class: `avatar ${INKS[sum % INKS.length]}`, "aria-hidden": "true" }, letters);
}

// Shows the new children in the place of the old, keeping what is the same: by `data-key`, in order.
export function keep(parent, children) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const child of children) {
    const old = before.get(child.dataset.key);
    const now = old && old.dataset.mark === child.dataset.mark ? old : child;
    if (old && now !== old) {
      const focused = old.contains(document.activeElement) ? document.activeElement.dataset.words : null;
      if (at === old) at = old.nextElementSibling;
      old.replaceWith(now);
      if (focused) [...now.querySelectorAll("[data-words]")].find((each) => each.dataset.words === focused)?.focus();
    }
    if (now === at) at = at.nextElementSibling;
    else parent.insertBefore(now, at);
    before.delete(child.dataset.key);
  }
  for (const gone of before.values()) gone.remove();
}

export const $ = (id) => document.getElementById(id);
