"use strict";
// The page of a play: asks each second what is new, sends what is written until it has arrived. Works without it.
(function () {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const EVERY = 1000;
  const SLOWEST = 15000;
  const UNKNOWN = 3;
  const lost = document.getElementById("perdu");
  const announced = document.getElementById("annonce");
  const title = document.title;
  const waiting = new Map(); // what is written and has not arrived, in the order it was: key of its form -> data
  let heard = performance.now();
  let faults = 0;
  let unknown = 0; // answers in a row that know no such page: after some, it is no longer asked for
  let timer = 0;
  let fresh = 0;

  const part = () => document.getElementById("part");

  // -------------------------------------------------------------------------------------------------------- the clock
  let begun = { elapsed: -1, running: false, at: performance.now() };
  function set() {
    const told = part().dataset;
    begun = { elapsed: Number(told.elapsed), running: told.running === "1", at: performance.now() };
    tick();
  }
  function tick() {
    const seconds = begun.elapsed + (begun.running ? Math.floor((performance.now() - begun.at) / 1000) : 0);
    const two = (number) => String(number).padStart(2, "0");
    document.querySelectorAll("[data-clock]").forEach((clock) => {
      if (seconds < 0) return;
      clock.textContent = `T+${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    });
    const silent = Math.round((performance.now() - heard) / 1000);
    const gone = unknown >= UNKNOWN && page.dataset.gone;
    const said = gone ? gone : faults > 1 || silent > 5 ? `${page.dataset.lost} ${silent} s. ${page.dataset.again || ""}` : "";
    const stuck = Array.from(waiting.values()).some((each) => each.failed) ? page.dataset.failed || "" : "";
    const text = [said, stuck].filter(Boolean).join(" ");
    if (lost && lost.textContent !== text) lost.textContent = text;
  }

  // ---------------------------------------------------------------------------------------------------------- merging
  const typed = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

  function replace(old, now) {
    old.querySelectorAll("textarea, input:not([type=hidden])").forEach((field) => {
      const twin = field.id && now.querySelector(`#${CSS.escape(field.id)}`);
      if (!twin || !typed(field)) return;
      twin.value = field.value;
      if ("checked" in twin) twin.checked = field.checked;
    });
    old.querySelectorAll("details[id][open]").forEach((fold) => {
      const twin = now.querySelector(`#${CSS.escape(fold.id)}`);
      if (twin) twin.open = true;
    });
    if (old.matches("details[open]")) now.open = true;
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const place = active && "selectionStart" in active ? active.selectionStart : null;
    old.replaceWith(now);
    if (!active) return;
    const twin = active.id ? document.getElementById(active.id) : null;
    const target = twin || (now.querySelector("h2, h1, summary, button") || now);
    if (!twin && !target.hasAttribute("tabindex") && !/^(BUTTON|SUMMARY)$/.test(target.tagName)) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (twin && place !== null && twin.setSelectionRange && twin.type !== "number") twin.setSelectionRange(place, place);
  }

  function merge(old, now) {
    Object.keys(old.dataset).forEach((name) => { if (!(name in now.dataset)) delete old.dataset[name]; });
    Object.assign(old.dataset, now.dataset);
    const known = new Map(Array.from(old.children).filter((each) => each.id).map((each) => [each.id, each]));
    let at = old.firstElementChild;
    Array.from(now.children).forEach((next) => {
      const twin = known.get(next.id);
      if (!twin) {
        old.insertBefore(next, at);
        return;
      }
      known.delete(next.id);
      while (at && at !== twin && !(at.id && now.querySelector(`:scope > #${CSS.escape(at.id)}`))) {
        const gone = at;
        at = at.nextElementSibling;
        gone.remove();
      }
      if (at === twin) at = at.nextElementSibling;
      else old.insertBefore(twin, at);
      if ("merge" in next.dataset) merge(twin, next);
      else if (!next.dataset.v || next.dataset.v !== twin.dataset.v) replace(twin, next);
    });
    while (at) {
      const gone = at;
      at = at.nextElementSibling;
      gone.remove();
    }
  }

  function show(text) {
    const next = new DOMParser().parseFromString(text, "text/html").getElementById("part");
    if (!next) return false;
    const before = part().dataset.last;
    merge(part(), document.importNode(next, true));
    set();
    const told = part().dataset;
    if (told.last && told.last !== before) {
      if (announced) announced.textContent = told.say;
      fresh += 1;
      if (document.hidden) document.title = `(${fresh}) ${title}`;
    }
    return true;
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    fresh = 0;
    document.title = title;
    ask();
  });

  // ----------------------------------------------------------------------------------------------------------- asking
  let asking = false;
  async function ask() {
    if (asking || unknown >= UNKNOWN) return;
    asking = true;
    clearTimeout(timer);
    let pause = EVERY;
    try {
      const answer = await fetch(page.dataset.live, {
        headers: { "If-None-Match": part().dataset.tag, "X-Requested-With": "fetch" },
        cache: "no-store",
        signal: AbortSignal.timeout ? AbortSignal.timeout(8000) : undefined,
      });
      unknown = answer.status === 404 ? unknown + 1 : 0;
      if (answer.status === 200 && !answer.redirected) show(await answer.text());
      else if (answer.status !== 304) throw new Error(String(answer.status));
      heard = performance.now();
      faults = 0;
    } catch (fault) {
      faults += 1;
      pause = Math.min(SLOWEST, EVERY * 2 ** Math.min(faults, 4));
    }
    asking = false;
    tick();
    if (unknown < UNKNOWN) timer = setTimeout(ask, pause * (0.9 + Math.random() * 0.2));
  }

  // ---------------------------------------------------------------------------------------------------------- sending
  function name() {
    const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  function complain(form, text) {
    let told = form.querySelector(".live-refused");
    if (!told) {
      told = document.createElement("p");
      told.className = "live-refused";
      told.setAttribute("role", "alert");
      form.append(told);
    }
    told.textContent = text;
  }

  function sent(form, data) {
    if (!form.isConnected) return;
    form.querySelectorAll("textarea, input[type=text], input:not([type])").forEach((field) => {
      if (field.name && field.value === data.get(field.name)) field.value = field.defaultValue;
    });
    form.querySelectorAll(".live-refused").forEach((each) => each.remove());
    const fold = form.closest("details[data-closes]");
    if (fold) fold.open = false;
  }

  // What is said of one thing goes in the order in which it was said, however the network comes and goes.
  const first = (subject) => Array.from(waiting.values()).find((each) => each.subject === subject);

  async function send(key) {
    const one = waiting.get(key);
    if (!one || one.going || first(one.subject) !== one) return;
    one.going = true;
    try {
      const answer = await fetch(one.address, { method: "POST", body: one.data, headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 503 && answer.headers.has("Retry-After")) {
        one.going = false;
        setTimeout(() => send(key), 500 + Math.random() * 1000);
        return;
      }
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      const text = await answer.text();
      waiting.delete(key);
      if (answer.ok) {
        sent(one.form, one.data);
        if (!show(text)) window.location.assign(answer.url);
        heard = performance.now();
      } else if (!show(text)) {
        complain(one.form.isConnected ? one.form : part(), answer.status === 422 ? text.trim() : `${page.dataset.failed || ""} (${answer.status})`);
      }
    } catch (fault) {
      one.going = false;
      one.failed = true;
      setTimeout(() => send(key), 3000);
    }
    tick();
    const next = first(one.subject);
    if (next && next !== one) send(next.key);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!part().contains(form) || form.method !== "post" || form.hasAttribute("data-whole")) return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    const subject = `${form.action} ${["kind", "act", "event", "expectation", "site"].map((each) => data.get(each) || "").join(" ")}`;
    const key = `${subject} ${data.get("done") || ""} ${data.get("text") || ""}`;
    if (data.get("kind") === "tick") waiting.forEach((each) => { if (each.subject === subject && !each.going) waiting.delete(each.key); });
    if (waiting.has(key)) return;
    if (data.has("sent_as")) data.set("sent_as", name());
    waiting.set(key, { key, subject, form, address: form.action, data, going: false, failed: false });
    send(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });

  set();
  setInterval(tick, 500);
  timer = setTimeout(ask, EVERY);
})();
