// What the server tells: the feed of deliveries (resumed by id), the clock that may stand still, the tickets.

export class Live extends EventTarget {
  constructor() {
    super();
    this.deliveries = new Map();
    this.state = { targets: [], cast: [], people: [], merchants: [], tickets: [] };
    this.clock = { now: Date.now(), paused: false, at: performance.now() };
    this.fresh = false; // the first batch of a stream is the past: nothing in it is news
    this.asking = null;
  }

  start() {
    this.refresh();
    this.follow();
    setInterval(() => document.hidden || this.refresh(), 2000);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  now() {
    const { now, paused, at } = this.clock;
    return paused ? now : now + (performance.now() - at);
  }

  follow() {
    const stream = new EventSource("/playground/feed");
    stream.addEventListener("reset", () => {
      this.deliveries.clear();
      this.fresh = false;
      setTimeout(() => (this.fresh = true), 800);
      this.tell("deliveries");
    });
    stream.addEventListener("delivery", (event) => this.delivered(JSON.parse(event.data)));
    stream.addEventListener("clock", (event) => this.ticked(JSON.parse(event.data)));
    stream.addEventListener("open", () => this.tell("connected", true));
    stream.addEventListener("error", () => this.tell("connected", false));
  }

  delivered(delivery) {
    const before = this.deliveries.get(delivery.key);
    this.deliveries.set(delivery.key, delivery);
    this.tell("deliveries", { delivery, news: this.fresh && !before });
    this.soon();
  }

  ticked(clock) {
    this.clock = { now: Date.parse(clock.now), paused: clock.paused, at: performance.now() };
    this.tell("clock");
  }

  soon() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.refresh(), 120);
  }

  async refresh() {
    try {
      const answer = await fetch("/playground/state");
      if (!answer.ok) throw new Error(String(answer.status));
      this.state = await answer.json();
      this.ticked(this.state.clock);
      this.tell("state");
    } catch {
      this.tell("connected", false);
    }
  }

  async post(path, body = {}) {
    const answer = await fetch(`/playground/${path}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.detail || found.title);
    return found;
  }

  async say(who, words) {
    const said = await this.post("say", { who, words, once: unique() });
    this.soon();
    return said;
  }

  async inWecom(path, body) {
    await this.post(`wecom/${path}`, body);
    this.soon();
  }

  async toggle() {
    this.ticked(await this.post(this.clock.paused ? "resume" : "pause"));
  }

  person(id) {
    return this.state.people.find((each) => each.id === id);
  }

  ticket(number) {
    return this.state.tickets.find((each) => each.number === number);
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// `crypto.randomUUID` is there on https and localhost alone.
function unique() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
