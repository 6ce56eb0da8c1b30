// What everything else stands on: words, elements, times, the fingerprint, what the browser keeps.

const DATA = JSON.parse(document.getElementById("exercise").textContent);
const script = DATA.script;
let language = DATA.language;

// French signs keep to their word: a line never begins with one.
const bound = (text) => text.replace(/ (?=[?!:;»])/g, "\u00a0").replace(/(?<=«) /g, "\u00a0");
const say = (text) => (text ? (language === "en" ? text.en || bound(text.fr) : bound(text.fr) || text.en) || "" : "");
const word = (key, values = {}) => say(DATA.words[key] || { fr: key }).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const channel = (code) => say(DATA.channels[code]);
const byCode = (list) => Object.fromEntries(list.map((each) => [each.code, each]));
const FUNCTIONS = byCode(script.functions);
const SEATS = byCode(script.seats);
const DOCUMENTS = Object.fromEntries(script.documents.map((each) => [each.id, each]));
const functionTitle = (code) => (FUNCTIONS[code] ? say(FUNCTIONS[code].title) : code);
const seatTitle = (code) => (SEATS[code] ? say(SEATS[code].title) : code);
const receivers = (item) =>
  item.seats.length === script.seats.length ? word("everybody") : item.seats.map(seatTitle).join(", ");

// ------------------------------------------------------------------------------------------------------- elements
// Text only ever becomes text: nothing in a script of exercise, or typed by anybody, is read as HTML.
function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "open") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((each) => each !== null && each !== undefined && each !== false && each !== ""));
  return element;
}
const button = (id, text, act, more = {}) => h("button", { type: "button", id, onclick: act, ...more }, text);
const announce = (text) => {
  document.getElementById("said").textContent = text;
};

const folds = {};
function fold(id, summary, open, ...inner) {
  const element = h("details", { id, open: folds[id] ?? open }, h("summary", {}, summary), ...inner);
  element.addEventListener("toggle", () => {
    folds[id] = element.open;
  });
  return element;
}

const drafts = {};
function field(id, label, more = {}, name = "input") {
  const { initial = "", ...attributes } = more;
  const input = h(name, { id, ...attributes, value: drafts[id] ?? initial });
  input.addEventListener("input", () => {
    drafts[id] = input.value;
  });
  return h("p", { class: "field" }, h("label", { for: id }, label), input);
}
function choice(id, label, options, initial, changed) {
  const wanted = drafts[id] ?? initial ?? "";
  const select = h("select", { id }, options.map(([value, text]) => h("option", { value, selected: value === wanted }, text)));
  select.addEventListener("change", () => {
    drafts[id] = select.value;
    if (changed) changed(select.value);
  });
  return h("p", { class: "field" }, h("label", { for: id }, label), select);
}
const written = (id) => (document.getElementById(id)?.value ?? "").trim();
const forget = (...ids) => ids.forEach((id) => delete drafts[id]);

// ---------------------------------------------------------------------------------------------------------- times
const two = (number) => String(number).padStart(2, "0");
function shown(seconds, precise = false) {
  const whole = Math.max(0, Math.floor(seconds));
  const clock = `T+${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}`;
  return precise ? `${clock}:${two(whole % 60)}` : clock;
}
function duration(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes < 1) return word("seconds", { count: Math.round(Math.abs(seconds)) });
  if (minutes < 60) return word("minutes", { count: minutes });
  if (minutes < 48 * 60) return word("hours", { hours: Math.floor(minutes / 60), minutes: two(minutes % 60) });
  return word("days", { count: Math.floor(minutes / 1440) });
}
// "75", "1:15", "1h15", "T+01:15" -> seconds, null for anything else.
function parsed(text) {
  const found = /^\s*(?:T\s*\+)?\s*(?:(\d{1,3})\s*[:hH]\s*(\d{1,2})|(\d{1,4}))\s*(?:min)?\s*$/.exec(text);
  if (!found || Number(found[2] || 0) > 59) return null;
  return found[3] === undefined ? Number(found[1]) * 3600 + Number(found[2]) * 60 : Number(found[3]) * 60;
}
function instant(wall = Date.now()) {
  const day = new Date(wall);
  const shift = -day.getTimezoneOffset();
  const zone = `${shift < 0 ? "-" : "+"}${two(Math.floor(Math.abs(shift) / 60))}:${two(Math.abs(shift) % 60)}`;
  return `${new Date(wall + shift * 60000).toISOString().slice(0, 19)}${zone}`;
}
const wallClock = (wall) =>
  new Date(wall).toLocaleTimeString(language === "en" ? "en-GB" : "fr-FR", { hour: "2-digit", minute: "2-digit" });

// ---------------------------------------------------------------------------------------------------- fingerprint
// The same writing as the program's: keys sorted, no blanks, UTF-8; then SHA-256.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object")
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  return JSON.stringify(value);
}
const ROUNDS = (() => {
  const found = { first: [], each: [] };
  for (let number = 2; found.each.length < 64; number += 1) {
    let prime = true;
    for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) prime = false;
    if (!prime) continue;
    const part = (root) => Math.floor((root - Math.floor(root)) * 4294967296);
    if (found.first.length < 8) found.first.push(part(Math.sqrt(number)));
    found.each.push(part(Math.cbrt(number)));
  }
  return found;
})();
function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const length = ((bytes.length + 9 + 63) >> 6) << 6;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 536870912));
  view.setUint32(length - 4, (bytes.length << 3) >>> 0);
  const turned = (number, by) => (number >>> by) | (number << (32 - by));
  const state = Int32Array.from(ROUNDS.first.map((each) => each | 0));
  const schedule = new Int32Array(64);
  for (let start = 0; start < length; start += 64) {
    for (let i = 0; i < 16; i += 1) schedule[i] = view.getInt32(start + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [far, near] = [schedule[i - 15], schedule[i - 2]];
      const low = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      const high = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      schedule[i] = (schedule[i - 16] + low + schedule[i - 7] + high) | 0;
    }
    let [a, b, c, d, e, f, g, last] = state;
    for (let i = 0; i < 64; i += 1) {
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (last + mixed + ((e & f) ^ (~e & g)) + ROUNDS.each[i] + schedule[i]) | 0;
      const other = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [last, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + other) | 0];
    }
    [a, b, c, d, e, f, g, last].forEach((each, i) => {
      state[i] += each;
    });
  }
  return [...state].map((each) => (each >>> 0).toString(16).padStart(8, "0")).join("");
}
// Half of a character (a broken paste) is no text: it becomes the mark of a missing character.
const whole = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g, "\ufffd");
function unguessable() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// ------------------------------------------------------------------------------------------- what the browser keeps
const PREFIX = `egide.exercise.${DATA.digest.slice(0, 16)}`;
const kept = {
  works: true,
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`${PREFIX}.${name}`));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`${PREFIX}.${name}`, JSON.stringify(value));
      kept.works = true;
    } catch {
      kept.works = false;
    }
    return kept.works;
  },
};
// The tab has a copy: browsers that are short of means sometimes give a page of a file an empty store at a reload.
const tab = {
  get: () => history.state?.[PREFIX] || null,
  set(value) {
    try {
      history.replaceState({ [PREFIX]: value }, "");
    } catch {
      // Too large, or too often: the store has it.
    }
  },
};
