// The play: its clock, its log, and what may be done to them. Every change is kept at once.

const MOST = { note: 4000, short: 200, sites: 12, observers: 40 };
const ITEMS = Object.fromEntries(script.items.map((each) => [each.id, each]));
const me = unguessable();
let state = null;
let last = { now: performance.now(), wall: Date.now(), kept: 0, copied: 0 };
let mine = true;
const warnings = [];

const fresh = () => ({
  play: unguessable(),
  made: instant(),
  held_on: instant().slice(0, 10),
  started: null,
  ended: null,
  elapsed: 0,
  running: false,
  pauses: [],
  number: 0,
  sites: [{ code: "s1", name: whole(say(script.values.establishment)) || word("site_one") }],
  observers: [],
  animator: "",
  events: script.items.map((item) => ({ id: item.id, item, at: item.at * 60, state: "planned", sent: null, sites: [] })),
  ticks: [],
  notes: [],
  actions: [],
  presence: {},
  well: "",
  better: "",
  facts: { scope: "care", trigger: "cyber" },
  saved: null,
  changed: null,
  shown: null,
});

const elapsed = () => Math.floor(state.elapsed / 1000);
const isPaused = () => Boolean(state.started) && !state.ended && !state.running;
const isOver = () => Boolean(state.ended);
const isOn = () => Boolean(state.started) && !state.ended;
const bySchedule = (one, other) => one.at - other.at || state.events.indexOf(one) - state.events.indexOf(other);
const planned = () => state.events.filter((each) => each.state === "planned").sort(bySchedule);
const due = () => (isOn() ? planned().filter((each) => each.at <= elapsed()) : []);
const sent = () => state.events.filter((each) => each.state === "sent").sort((one, other) => other.sent - one.sent);
// An inject sent again is asked once: what is expected is observed under its first sending.
const asked = () => {
  const first = new Map(sent().sort((one, other) => other.sent - one.sent || bySchedule(other, one)).map((each) => [each.item.id, each]));
  return sent().filter((each) => first.get(each.item.id) === each && each.item.expectations.length);
};
const eventOf = (id) => state.events.find((each) => each.id === id);

// ----------------------------------------------------------------------------------------------------- keeping
const asKept = () => ({ ...state, events: state.events.map((each) => ({ ...each, item: ITEMS[each.item.id] ? each.item.id : each.item })) });
function keep(changed = true) {
  if (!mine) return;
  if (changed) state.changed = instant();
  kept.set(state.play, asKept());
  const plays = (kept.get("plays") || []).filter((each) => each.play !== state.play);
  kept.set("plays", [...plays, { play: state.play, made: state.made, started: state.started, ended: state.ended }]);
  kept.set("current", state.play);
  beat(true);
  copy();
}
function copy() {
  if (mine) tab.set({ wall: Date.now(), play: asKept() });
  last.copied = performance.now();
}
// Gives the store what it lost and the tab still has.
function giveBack() {
  const copied = tab.get();
  if (!copied || kept.get(copied.play.play)) return;
  kept.set(copied.play.play, copied.play);
  kept.set(`beat.${copied.play.play}`, { tab: me, wall: copied.wall, elapsed: copied.play.elapsed });
  kept.set("current", copied.play.play);
}
function beat(force = false) {
  const now = performance.now();
  const wall = Date.now();
  const passed = now - last.now;
  const jump = wall - last.wall - passed;
  if (state.running) state.elapsed += passed;
  last = { ...last, now, wall };
  if (!mine) return false;
  if (Math.abs(jump) > 5000 && isOn()) {
    const how = { by: duration(jump / 1000), at: shown(elapsed(), true) };
    warn("jump", word(jump > 0 ? "jump_forward" : "jump_back", how));
  } else if (passed > 120000 && state.running) {
    warn("gap", word("gap", { by: duration(passed / 1000) }));
  }
  if (force || now - last.kept > 1000) {
    const seen = kept.get(`beat.${state.play}`);
    if (!force && seen && seen.tab !== me) {
      mine = false; // another tab wrote after this one
      return true;
    }
    kept.set(`beat.${state.play}`, { tab: me, wall, elapsed: state.elapsed });
    last.kept = now;
  }
  if (now - last.copied > 10000) copy();
  return false;
}
function warn(kind, text) {
  if (!warnings.some((each) => each.text === text)) warnings.push({ kind, text });
  note({ text });
}

// Takes up the play that the browser kept; what the page did not see while it was closed is said.
function resume(play) {
  state = kept.get(play) || fresh();
  state.events = state.events.map((each) => ({ ...each, item: ITEMS[each.item] ?? each.item }));
  const seen = kept.get(`beat.${state.play}`);
  const wall = Date.now();
  last = { ...last, now: performance.now(), wall, kept: 0 };
  if (seen) {
    if (seen.tab !== me && wall - seen.wall >= 0 && wall - seen.wall < 2500 && seen.tab !== kept.get("closed")) mine = false;
    state.elapsed = Math.max(state.elapsed, seen.elapsed);
    if (state.running && mine) {
      const gap = (wall - seen.wall) / 1000;
      if (gap >= 0 && gap <= 300) {
        state.elapsed += gap * 1000;
        if (gap > 15) warn("closed", word("closed_counted", { by: duration(gap) }));
      } else {
        state.running = false;
        openPause(seen.wall);
        warn("closed", word(gap < 0 ? "closed_back" : "closed_paused", { by: duration(gap), at: shown(elapsed(), true) }));
      }
    }
  }
  keep(false);
  beat(true);
}

// ------------------------------------------------------------------------------------------------------- doing
function change(act, redraw = true) {
  if (!mine) return;
  beat();
  act();
  keep();
  if (redraw) draw();
}
const counted = () => (state.number += 1);
function note({ kind = "animator", text, by = "", site = "", event = "" }) {
  state.notes.push({ number: counted(), at: elapsed(), kind, by: whole(by), text: whole(text).slice(0, MOST.note), site, event });
}
function did(act, event = "", seconds = 0) {
  state.actions.push({ number: counted(), at: elapsed(), act, by: state.animator, event, seconds });
}
function openPause(wall = Date.now()) {
  state.pauses.push({ at: elapsed(), begun: instant(wall), ended: null });
  did("paused");
}
function closePause() {
  const open = state.pauses.at(-1);
  if (open && !open.ended) {
    open.ended = instant();
    did("resumed");
  }
}
const begin = () =>
  change(() => {
    state.started = instant();
    state.held_on = state.started.slice(0, 10);
    state.elapsed = 0;
    state.running = true;
    did("begun");
    stayAwake();
  });
const pause = () =>
  change(() => {
    state.running = false;
    openPause();
  });
const goOn = () =>
  change(() => {
    closePause();
    state.running = true;
    warnings.length = 0;
    stayAwake();
  });
const finish = () =>
  change(() => {
    closePause();
    state.running = false;
    state.ended = instant();
    did("ended");
  });
const reopen = () =>
  change(() => {
    state.pauses.push({ at: elapsed(), begun: state.ended, ended: null });
    state.ended = null;
    did("paused");
    note({ text: word("reopened") });
  });
const correct = (seconds) =>
  change(() => {
    note({ text: word("corrected", { from: shown(elapsed(), true), to: shown(seconds, true) }) });
    state.elapsed = seconds * 1000;
    warnings.length = 0;
  });
const send = (event) =>
  change(() => {
    event.state = "sent";
    event.sent = elapsed();
    did("sent", event.id);
    announce(word("said_sent", { title: say(event.item.title) }));
  });
const skip = (event) =>
  change(() => {
    event.state = "skipped";
    event.sent = null;
    did("skipped", event.id);
    announce(word("said_skipped", { title: say(event.item.title) }));
  });
// An inject marked by mistake is planned again; what was ticked for it stays.
const undo = (event) =>
  change(() => {
    event.state = "planned";
    event.sent = null;
    did("restored", event.id);
  });
function another(id) {
  let number = 2;
  while (eventOf(`${id}-R${number}`)) number += 1;
  return `${id}-R${number}`;
}
const again = (event) =>
  change(() => {
    const at = elapsed();
    const id = another(event.item.id);
    state.events.push({ ...event, id, at, state: "sent", sent: at });
    did("again", id);
    announce(word("said_sent", { title: say(event.item.title) }));
  });
const move = (event, at, following) =>
  change(() => {
    const by = at - event.at;
    const moved = following ? planned().filter((each) => each.at >= event.at || each === event) : [event];
    for (const each of moved) {
      const before = each.at;
      each.at = Math.max(0, each.at + by);
      did("moved", each.id, each.at - before);
    }
    announce(word("said_moved", { title: say(event.item.title), at: shown(event.at) }));
  });
function improvise({ title, text, sender, code, seats, at }) {
  const number = 1 + Math.max(0, ...state.events.map((each) => Number(/^IMP-(\d+)$/.exec(each.item.id)?.[1] || 0)));
  const own = (said) => (language === "en" ? { fr: "", en: whole(said) } : { fr: whole(said), en: "" });
  const id = `IMP-${number}`;
  const item = {
    id, at: Math.floor(at / 60), title: own(title), channel: code, sender: own(sender), seats, text: own(text), module: "", to: [],
    expectations: [], what_if: { fr: "", en: "" }, document: "", moment: { fr: "", en: "" },
  };
  change(() => {
    const now = at <= elapsed();
    state.events.push({ id, item, at: now ? elapsed() : at, state: now ? "sent" : "planned", sent: now ? elapsed() : null, sites: [] });
    did("improvised", id);
    announce(word("said_added", { title }));
  });
}

// --------------------------------------------------------------------------------------------------- observing
const isTick = (each, event, expectation, site, observer) =>
  each.event === event && each.expectation === expectation && each.site === site && each.observer === observer;
const tickOf = (...what) => state.ticks.findLast((each) => isTick(each, ...what));
// A log: another answer is another tick, the last one counts; one corrected at once is not kept, a remark changes no time.
// What is ticked after the end was seen before it: in the time expected, until the observer says when.
const seenAt = (event, expected) =>
  isOver() && expected.minutes ? Math.min(elapsed(), event.sent + 60 * expected.minutes) : elapsed();
function tick(event, expected, site, observer, { done, text, at }) {
  change(() => {
    const before = tickOf(event.id, expected.id, site, observer);
    const remark = whole(text ?? before?.note ?? "").slice(0, MOST.note);
    const moment = seenAt(event, expected);
    if (before && (done === undefined || Math.abs(moment - before.at) < 20)) {
      before.note = remark;
      before.done = done ?? before.done;
      before.at = at ?? before.at;
      if (before.done === "unseen" && !remark) state.ticks.splice(state.ticks.indexOf(before), 1);
    } else {
      state.ticks.push({ number: counted(), event: event.id, expectation: expected.id, observer, done: done ?? "unseen", at: at ?? moment, site, note: remark });
    }
  }, false);
}

// ----------------------------------------------------------------------------------------------------- results
function stayAwake() {
  navigator.wakeLock?.request("screen").catch(() => null);
}

// The record of the play, in the form that the program reads (egide.exercise.record), sealed by its fingerprint.
function record() {
  const several = state.sites.length > 1;
  const at = (each) => ({ ...each, site: several ? each.site : "" });
  let number = state.number;
  const lines = (kind) =>
    state[kind].split("\n").map((each) => each.trim()).filter(Boolean)
      .map((text) => ({ number: (number += 1), at: elapsed(), kind, by: "", text, site: "", event: "" }));
  const made = {
    format: 1,
    play: state.play,
    script: DATA.digest,
    origin: "offline",
    held_on: state.held_on,
    started: state.started,
    ended: state.ended,
    lasted: state.ended ? elapsed() : null,
    pauses: state.pauses.filter((each) => each.ended).map((each) => ({ at: each.at, seconds: Math.max(0, Math.round((Date.parse(each.ended) - Date.parse(each.begun)) / 1000)) })),
    sites: several ? state.sites : [],
    events: state.events.map(({ id, item, at: when, state: what, sent: out, sites }) => ({ id, item, at: when, state: what, sent: out, sites })),
    ticks: state.ticks.map(at),
    decisions: [],
    notes: [...state.notes.map(at), ...lines("well"), ...lines("better")],
    actions: state.actions,
    presence: Object.entries(state.presence)
      .map(([key, people]) => ({ function: key.split("|")[0], people, site: key.split("|")[1] }))
      .filter((each) => each.people > 0 && state.sites.some((site) => site.code === each.site)).map(at),
    facts: state.facts,
  };
  return { ...made, fingerprint: sha256(canonical(made)) };
}
function save() {
  change(() => null, false);
  state.saved = state.changed;
  keep(false);
  const text = `${JSON.stringify({ kind: "egide-exercise-results", format: 1, script, record: record() }, null, 1)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = h("a", { href: address, download: `egide-${word("file_results")}-${state.held_on}-${state.play.slice(0, 8)}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  announce(word("said_saved"));
  draw();
}
