// What the page shows. Each part is built anew from the state; what people were typing and had open stays.

const SECTIONS = ["prepare", "lead", "observe", "log", "results"];

// ------------------------------------------------------------------------------------------------------- documents
function documentView(one) {
  const head = [one.sender, one.to].map((each, i) => say(each) && h("p", { class: "line" }, h("b", {}, word(i ? "to" : "from")), " ", say(each)));
  const rows = one.rows.map((each) => say(each).split(" | "));
  const text = say(one.text);
  const table =
    rows.length > 0 &&
    one.kind !== "screen" &&
    h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say(one.title) },
      h("table", {},
        h("thead", {}, h("tr", {}, rows[0].map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", {}, rows.slice(1).map((row) => h("tr", {}, row.map((each) => h("td", {}, each))))),
      ));
  const keys = one.kind === "screen" && rows.length > 0 && h("p", { class: "keys" }, rows.map((row) => h("span", {}, row.join(" "))));
  return h("article", { class: `document ${one.kind}` },
    h("p", { class: "exercise" }, word("exercise_three"), " · ", say(DATA.documents[one.kind])),
    h("p", { class: "title" }, say(one.title)), head, text && h("p", { class: "text" }, text), table, keys);
}

// -------------------------------------------------------------------------------------- the screen of those who play
let screen = null;
function screenView() {
  const on = state.shown;
  const event = on && on.event && eventOf(on.event);
  const one = on && on.document && DOCUMENTS[on.document];
  const item = event && event.item;
  return [
    h("p", { class: "banner" }, h("b", {}, word("exercise_three")), h("span", { class: "clock" }, shown(elapsed()))),
    one && documentView(one),
    item && h("article", { class: "shown" },
      h("p", { class: "meta" }, channel(item.channel), say(item.sender) && ` · ${say(item.sender)}`),
      h("p", { class: "title" }, say(item.title)), h("p", { class: "text" }, say(item.text))),
    !item && !one && h("p", { class: "idle" }, isPaused() ? word("screen_paused") : word("screen_idle")),
  ];
}
function openScreen() {
  screen = window.open("", `egide-${DATA.digest.slice(0, 8)}`, "popup,width=1280,height=720");
  if (!screen) {
    warn("popup", word("popup_refused"));
    draw();
    return;
  }
  const page = screen.document;
  page.documentElement.lang = language;
  page.title = word("screen_title");
  if (!page.getElementById("style")) page.head.append(page.importNode(document.getElementById("style"), true));
  page.body.className = "screen";
  drawScreen();
}
function drawScreen() {
  if (!screen || screen.closed) return;
  screen.document.documentElement.lang = language;
  screen.document.body.replaceChildren(h("main", { id: "screen" }, h("h1", { class: "hidden" }, word("screen_title")), screenView()));
}
const show = (what) =>
  change(() => {
    state.shown = what;
    if (what) announce(word("said_shown"));
  });
function enlarge(one) {
  const dialog = h("dialog", { id: "large", "aria-label": say(one.title) },
    h("p", { class: "closing" }, button("close-large", word("close"), () => dialog.close())), documentView(one));
  dialog.addEventListener("close", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.requestFullscreen?.().catch(() => null);
}

// ----------------------------------------------------------------------------------------------------------- injects
const stateWord = (event) =>
  event.state === "sent" ? word("sent_at", { at: shown(event.sent) })
  : event.state === "skipped" ? word("skipped")
  : isOn() && event.at <= elapsed() ? word("due") : word("planned");
const stateClass = (event) => (event.state === "planned" && isOn() && event.at <= elapsed() ? "due" : event.state);

function documentLines(event, prefix) {
  const one = DOCUMENTS[event.item.document];
  if (!one) return null;
  const id = `${prefix}-${event.id}-document`;
  return fold(id, word("document", { title: say(one.title) }), false,
    h("p", { class: "actions" },
      button(`${id}-show`, word("show_document"), () => show({ document: one.id }), { class: "quiet" }),
      button(`${id}-large`, word("full_screen"), () => enlarge(one), { class: "quiet" })),
    documentView(one));
}
function expectationLines(event) {
  return event.item.expectations.map((each) =>
    h("li", {}, say(each.text), " ", h("span", { class: "meta" }, `(${functionTitle(each.by)}${each.minutes ? `, ${word("within", { count: each.minutes })}` : ""})`)));
}
function injectBody(event, prefix) {
  const item = event.item;
  const aloud = item.channel === "call" || item.channel === "visit" || item.channel === "animator";
  return [
    h("p", { class: "meta" },
      h("b", {}, channel(item.channel)), " · ",
      say(item.sender) && `${word("from")} ${say(item.sender)} `, "→ ", h("b", {}, receivers(item)),
      say(item.moment) && ` · ${word("story")} ${say(item.moment)}`),
    h("p", { class: `text ${aloud ? "aloud" : ""}` }, say(item.text)),
    documentLines(event, prefix),
    item.expectations.length > 0 && fold(`${prefix}-${event.id}-expected`, word("expected", { count: item.expectations.length }), prefix === "now", h("ul", {}, expectationLines(event))),
    say(item.what_if) && h("p", { class: "what-if" }, h("b", {}, word("what_if")), " ", say(item.what_if)),
  ];
}
function injectActions(event, prefix) {
  const id = `${prefix}-${event.id}`;
  const title = say(event.item.title);
  const label = (key) => ({ "aria-label": `${word(key)} : ${title}` });
  const at = `${id}-at`;
  const moving = event.state === "planned" && fold(`${id}-move`, word("move"), false,
    field(at, word("new_time"), { initial: shown(event.at), size: 9, autocomplete: "off" }),
    h("p", { class: "actions" },
      button(`${id}-move-one`, word("move_one"), () => moved(false), { class: "quiet" }),
      button(`${id}-move-all`, word("move_all"), () => moved(true), { class: "quiet" })));
  function moved(following) {
    const wanted = parsed(written(at));
    if (wanted === null) return refuse(at, word("bad_time"));
    forget(at);
    return move(event, wanted, following);
  }
  const ready = isOn() && mine;
  return [
    h("p", { class: "actions" },
      event.state === "planned" && button(`${id}-send`, word("send"), () => send(event), { class: "main", disabled: !ready, ...label("send") }),
      event.state === "planned" && button(`${id}-skip`, word("skip"), () => skip(event), { disabled: !ready, ...label("skip") }),
      event.state === "skipped" && button(`${id}-undo`, word("plan_again"), () => undo(event), { disabled: !ready, ...label("plan_again") }),
      event.state === "sent" && button(`${id}-again`, word("again"), () => again(event), { disabled: !ready, ...label("again") }),
      event.state === "sent" && button(`${id}-undo`, word("not_sent"), () => undo(event), { class: "quiet", disabled: !ready, ...label("not_sent") }),
      button(`${id}-show`, word("show"), () => show({ event: event.id }), { class: "quiet", ...label("show") })),
    moving,
  ];
}
const injectTitle = (event) => [h("span", { class: "time" }, shown(event.at)), " ", say(event.item.title)];
function injectCard(event, prefix, level = "h4") {
  return h("article", { class: `card ${stateClass(event)}`, "aria-labelledby": `${prefix}-${event.id}-title` },
    h("p", { class: "state" }, stateWord(event), ` · ${event.id}`),
    h(level, { id: `${prefix}-${event.id}-title`, tabindex: "-1" }, injectTitle(event)),
    injectBody(event, prefix), injectActions(event, prefix));
}
const injectLine = (event, prefix) =>
  fold(`${prefix}-${event.id}`, [h("span", { class: `mark ${stateClass(event)}` }, stateWord(event)), " ", injectTitle(event)], false,
    injectBody(event, prefix), injectActions(event, prefix));
function refuse(id, text) {
  const input = document.getElementById(id);
  input.setAttribute("aria-invalid", "true");
  input.setCustomValidity(text);
  input.reportValidity();
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
  announce(text);
  input.focus();
}

// ---------------------------------------------------------------------------------------------------------- sections
const list = (texts) => h("ul", {}, texts.map((each) => h("li", {}, say(each))));
const used = (kind, key) =>
  kind === "sites"
    ? state.sites.length < 2 || [...state.ticks, ...state.notes].some((each) => each.site === key)
    : state.ticks.some((each) => each.observer === key) || state.notes.some((each) => each.by === key);
function names(kind, most, place = "") {
  const nameOf = (each) => each.name ?? each;
  const keyOf = (each) => each.code ?? each;
  const rows = state[kind].map((each) =>
    h("li", {}, nameOf(each), " ",
      button(`${place}${kind}-remove-${keyOf(each)}`, word("remove"), () => change(() => state[kind].splice(state[kind].indexOf(each), 1)),
        { class: "quiet", "aria-label": `${word("remove")} : ${nameOf(each)}`, disabled: used(kind, keyOf(each)) })));
  const id = `${place}${kind}-new`;
  const add = (on) => {
    on.preventDefault();
    const name = whole(written(id)).slice(0, MOST.short);
    if (!name || state[kind].some((each) => nameOf(each) === name)) return refuse(id, word(name ? "name_twice" : "name_empty"));
    if (state[kind].length >= most) return refuse(id, word("name_many"));
    forget(id);
    const code = `s${1 + Math.max(0, ...state.sites.map((each) => Number(each.code.slice(1))))}`;
    return change(() => state[kind].push(kind === "sites" ? { code, name } : name));
  };
  return [
    rows.length > 0 && h("ul", { class: "names" }, rows),
    h("form", { class: "inline", onsubmit: add }, field(id, word(`${kind}_add`), { maxlength: MOST.short, autocomplete: "off" }), h("button", { id: `${id}-add` }, word("add"))),
  ];
}
const siteOptions = () => state.sites.map((each) => [each.code, each.name]);
const siteName = (code) => state.sites.find((each) => each.code === code)?.name ?? code;

function prepareSection() {
  const wall = new Date();
  const day = wall.toLocaleDateString(language === "en" ? "en-GB" : "fr-FR", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return [
    h("h2", { tabindex: "-1" }, word("prepare")),
    h("p", {}, word("story"), " ", h("b", {}, say(script.begins)), ` · ${word("lengths", { briefing: script.briefing, play: script.play, debrief: script.debrief })}`),
    h("p", { class: "notice" }, word("clock_right", { day, at: wallClock(wall.getTime()) })),
    DATA.examples.length > 0 && fold("examples", word("examples", { count: DATA.examples.length }), false,
      h("ul", {}, DATA.examples.map((each) => h("li", {}, say(script.values[each]))))),
    h("div", { class: "columns" },
      h("div", {}, h("h3", {}, word("objectives")), list(script.objectives), h("h3", {}, word("rules")), list(script.rules)),
      h("div", {}, h("h3", {}, word("material")), list(script.material), h("h3", {}, word("seats")),
        h("ul", {}, script.seats.map((each) => h("li", {}, h("b", {}, say(each.title)), ` : ${each.functions.map(functionTitle).join(", ")}`, DATA.sitting[each.code] && ` (${DATA.sitting[each.code]})`))))),
    h("h3", {}, word("animator")),
    h("p", { class: "field" }, h("label", { for: "animator" }, word("animator_name")),
      h("input", { id: "animator", value: state.animator, maxlength: MOST.short, autocomplete: "off", onchange: (on) => change(() => { state.animator = whole(on.target.value.trim()); }, false) })),
    h("h3", {}, word("sites")), names("sites", MOST.sites),
    h("h3", {}, word("observers")), h("p", {}, word("observers_why")), names("observers", MOST.observers),
    h("h3", {}, word("presence")), h("p", {}, word("presence_why")), presenceTable(), factLines(),
  ];
}
function presenceTable() {
  const cell = (code, site) => {
    const key = `${code}|${site.code}`;
    const taken = (on) =>
      change(() => {
        if (on.target.value === "") delete state.presence[key];
        else state.presence[key] = Math.min(999, Math.max(0, Math.floor(Number(on.target.value) || 0)));
      }, false);
    const label = `${functionTitle(code)}, ${site.name}`;
    return h("td", {}, h("input", { id: `present-${code}-${site.code}`, type: "number", min: 0, max: 999, value: state.presence[key] ?? "", "aria-label": label, onchange: taken }));
  };
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("presence") },
    h("table", { class: "presence" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, word("function")), state.sites.map((site) => h("th", { scope: "col" }, site.name)))),
      h("tbody", {}, script.functions.map((each) => h("tr", {}, h("th", { scope: "row" }, say(each.title)), state.sites.map((site) => cell(each.code, site)))))));
}
function factLines() {
  const fact = (name) =>
    choice(`fact-${name}`, word(name), Object.entries(DATA[name]).map(([code, text]) => [code, say(text)]), state.facts[name], (value) =>
      change(() => {
        state.facts[name] = value;
      }, false));
  return [h("h3", {}, word("facts")), h("p", {}, word("facts_why")), fact("scope"), fact("trigger")];
}

function leadSection() {
  const now = due();
  const coming = planned().filter((each) => !now.includes(each));
  return [
    h("h2", { tabindex: "-1" }, word("lead")),
    !state.started && h("p", { class: "notice" }, word("not_begun")),
    isOver() && h("p", { class: "notice" }, word("over", { at: shown(elapsed(), true) })),
    h("p", { class: "actions" },
      button("screen-open", word("open_screen"), openScreen, { class: "quiet" }),
      state.shown && button("screen-clear", word("clear_screen"), () => show(null), { class: "quiet" })),
    h("h3", { id: "now-title", tabindex: "-1" }, word("now", { count: now.length })),
    now.length === 0 && isOn() && h("p", { id: "nothing-due" }, word("nothing_due")),
    now.map((each) => injectCard(each, "now")),
    h("h3", {}, word("next")),
    coming.length === 0 && h("p", {}, word("none_left")),
    coming.slice(0, 3).map((each) => injectLine(each, "next")),
    sent().length > 0 && h("h3", {}, word("just_played")),
    sent().slice(0, 3).map((each) => injectLine(each, "last")),
    h("h3", {}, word("more")),
    improviseForm(),
    fold("all", word("whole_timeline", { count: state.events.length }), false,
      h("div", { class: "timeline" }, [...state.events].sort(bySchedule).map((each) => injectLine(each, "all")))),
    isOn() && correctForm(),
  ];
}
function improviseForm() {
  const submit = (on) => {
    on.preventDefault();
    const [title, text, sender, code] = ["own-title", "own-text", "own-sender", "own-channel"].map(written);
    const seats = script.seats.map((each) => each.code).filter((code) => document.getElementById(`own-seat-${code}`).checked);
    const at = written("own-at") ? parsed(written("own-at")) : elapsed();
    if (!title) return refuse("own-title", word("name_empty"));
    if (!text) return refuse("own-text", word("name_empty"));
    if (at === null) return refuse("own-at", word("bad_time"));
    forget("own-title", "own-text", "own-sender", "own-at");
    folds.improvise = false;
    return improvise({ title, text, sender, code, seats: seats.length ? seats : script.seats.map((each) => each.code), at });
  };
  return fold("improvise", word("improvise"), false,
    h("form", { onsubmit: submit },
      field("own-title", word("title"), { maxlength: MOST.short, autocomplete: "off" }),
      field("own-text", word("own_text"), { rows: 4, maxlength: MOST.note }, "textarea"),
      choice("own-channel", word("channel"), Object.keys(DATA.channels).map((code) => [code, channel(code)]), "call"),
      field("own-sender", word("sender"), { maxlength: MOST.short, autocomplete: "off" }),
      h("fieldset", { class: "row" }, h("legend", {}, word("receivers")),
        script.seats.map((each) => h("label", {}, h("input", { type: "checkbox", id: `own-seat-${each.code}` }), " ", say(each.title)))),
      field("own-at", word("own_at"), { size: 9, autocomplete: "off" }),
      h("p", { class: "actions" }, h("button", { id: "own-add", class: "main", disabled: !isOn() || !mine }, word("add_inject")))));
}

const observing = { observer: "", site: "" };
function observeSection() {
  if (!state.observers.includes(observing.observer)) observing.observer = state.observers[0] || "";
  if (!state.sites.some((each) => each.code === observing.site)) observing.site = state.sites[0].code;
  const seen = asked().filter((each) => !each.sites.length || each.sites.includes(observing.site));
  return [
    h("h2", { tabindex: "-1" }, word("observe")),
    state.observers.length === 0 && h("p", { class: "notice" }, word("no_observer")),
    state.observers.length > 0 ? fold("who", word("observers"), false, names("observers", MOST.observers, "here-")) : names("observers", MOST.observers, "here-"),
    state.observers.length > 0 && h("div", { class: "who" },
      choice("observer", word("observer"), state.observers.map((each) => [each, each]), observing.observer, (value) => { observing.observer = value; draw(); }),
      state.sites.length > 1 && choice("site", word("site"), siteOptions(), observing.site, (value) => { observing.site = value; draw(); })),
    state.observers.length > 0 && seen.length === 0 && h("p", {}, word("nothing_to_observe")),
    state.observers.length > 0 && seen.map(observeCard),
  ];
}
// One card alone is built again: an observer ticks fast.
function anew(event) {
  const focus = document.activeElement?.id;
  document.getElementById(`observe-${event.id}`).replaceWith(observeCard(event));
  document.getElementById(focus)?.focus({ preventScroll: true });
}
function observeCard(event) {
  const { observer, site } = observing;
  return h("article", { class: "card", id: `observe-${event.id}` },
    h("h3", {}, injectTitle(event)),
    h("p", { class: "meta" }, `${word("sent_at", { at: shown(event.sent) })} · ${receivers(event.item)}`),
    fold(`seen-${event.id}`, word("what_was_sent"), false, h("p", { class: "text" }, say(event.item.text))),
    event.item.expectations.map((each) => {
      const found = tickOf(event.id, each.id, site, observer);
      const put = (change) => {
        tick(event, each, site, observer, change);
        if (change.done) anew(event);
      };
      const name = `tick-${event.id}-${each.id}`;
      const within = each.minutes ? `, ${word("before", { at: shown(event.sent + 60 * each.minutes) })}` : "";
      const timed = (on) => {
        const at = parsed(on.target.value);
        return at === null ? refuse(`${name}-at`, word("bad_time")) : put({ at });
      };
      return h("fieldset", { class: "expectation" },
        h("legend", {}, say(each.text), " ", h("span", { class: "meta" }, `(${functionTitle(each.by)}${within})`)),
        h("p", { class: "row" }, ["yes", "partial", "no", "unseen"].map((done) =>
          h("label", { class: done }, h("input", { type: "radio", name, id: `${name}-${done}`, value: done, checked: (found?.done ?? "unseen") === done, disabled: !mine, onchange: () => put({ done }) }), " ", word(done)))),
        h("div", { class: "who" },
          ["yes", "partial"].includes(found?.done) && h("p", { class: "field" }, h("label", { for: `${name}-at` }, word("seen_at")),
            h("input", { id: `${name}-at`, value: shown(found.at), size: 9, disabled: !mine, autocomplete: "off", onchange: timed })),
          h("p", { class: "field remark" }, h("label", { for: `${name}-note` }, word("remark")),
            h("input", { id: `${name}-note`, value: found?.note || "", maxlength: MOST.note, disabled: !mine, autocomplete: "off", onchange: (on) => put({ text: on.target.value.trim() }) }))));
    }));
}

const KINDS = ["log", "answer", "observation", "animator", "well", "better"];
function logSection() {
  const people = [["", state.animator || word("animator")], ...state.observers.map((each) => [each, each])];
  const submit = (on) => {
    on.preventDefault();
    const text = written("note-text");
    if (!text) return refuse("note-text", word("name_empty"));
    forget("note-text");
    const [by, site, kind, event] = ["note-by", "note-site", "note-kind", "note-event"].map(written);
    change(() => note({ kind, text, by: by || state.animator, site, event }));
    return document.getElementById("note-text").focus();
  };
  return [
    h("h2", { tabindex: "-1" }, word("log")),
    h("form", { onsubmit: submit, class: "card" },
      field("note-text", word("note_text"), { rows: 3, maxlength: MOST.note }, "textarea"),
      h("div", { class: "who" },
        choice("note-kind", word("note_kind"), KINDS.map((each) => [each, word(`kind_${each}`)]), "log"),
        choice("note-by", word("note_by"), people, ""),
        state.sites.length > 1 && choice("note-site", word("site"), [["", word("all_sites")], ...siteOptions()], ""),
        choice("note-event", word("about"), [["", word("nothing")], ...sent().map((each) => [each.id, `${shown(each.sent)} ${say(each.item.title)}`])], "")),
      h("p", { class: "actions" }, h("button", { id: "note-add", class: "main", disabled: !mine }, word("write_down")))),
    h("h3", {}, word("written_down")),
    h("ol", { class: "log" }, logLines().map(([at, what, text]) => h("li", {}, h("span", { class: "time" }, shown(at, true)), " ", h("b", {}, what), " ", text))),
  ];
}
// Newest first: what was written, and what happened.
function logLines() {
  const lines = state.started ? [[0, "STARTEX", wallClock(Date.parse(state.started))]] : [];
  for (const each of sent().reverse()) lines.push([each.sent, word("was_sent"), `${each.id} ${say(each.item.title)} → ${receivers(each.item)}`]);
  for (const each of state.pauses) lines.push([each.at, word("was_paused"), each.ended ? duration((Date.parse(each.ended) - Date.parse(each.begun)) / 1000) : ""]);
  for (const each of state.notes) {
    const who = `${each.by ? `, ${each.by}` : ""}${each.site && state.sites.length > 1 ? ` (${siteName(each.site)})` : ""}`;
    lines.push([each.at, `${word(`kind_${each.kind}`)}${who}`, each.text]);
  }
  if (state.ended) lines.push([elapsed(), "ENDEX", wallClock(Date.parse(state.ended))]);
  return lines.map((each, i) => [each, i]).sort(([one, i], [other, j]) => other[0] - one[0] || j - i).map(([each]) => each);
}

function resultsSection() {
  const number = (what) => state.events.filter((each) => each.state === what).length;
  const awaited = asked().reduce((sum, each) => sum + each.item.expectations.length, 0);
  const observed = new Set(state.ticks.filter((each) => each.done !== "unseen").map((each) => `${each.event}|${each.expectation}`)).size;
  const others = (kept.get("plays") || []).filter((each) => each.play !== state.play);
  return [
    h("h2", { tabindex: "-1" }, word("results")),
    h("dl", { class: "facts" },
      [["length", shown(elapsed(), true)], ["count_sent", number("sent")], ["count_skipped", number("skipped")], ["count_planned", number("planned")], ["count_observed", word("of", { some: observed, all: awaited })], ["count_notes", state.notes.length]]
        .map(([key, value]) => h("div", {}, h("dt", {}, word(key)), h("dd", {}, value)))),
    h("p", { class: "actions" },
      button("save", word("save"), save, { class: "main" }), button("print", word("print"), () => print(), { class: "quiet" })),
    h("p", { id: "saved" }, savedWord()),
    h("p", {}, word("import_how")),
    h("h3", {}, word("hot_debrief")), h("p", {}, word("hot_debrief_why")),
    list(script.questions), lines("well"), lines("better"),
    h("h3", {}, word("other_plays")),
    others.length > 0 && h("ul", {}, others.map((each) =>
      h("li", {}, `${(each.started || each.made).slice(0, 16).replace("T", " ")} · ${each.ended ? word("play_over") : each.started ? word("play_open") : word("play_new")} `,
        button(`open-${each.play}`, word("open_play"), () => another_play(each.play), { class: "quiet" })))),
    fold("restart", word("restart"), false, h("p", {}, word("restart_why")), h("p", { class: "actions" }, button("restart-now", word("restart_now"), () => another_play(null), { disabled: state.running || !mine }))),
  ];
}
const lines = (kind) =>
  h("p", { class: "field" }, h("label", { for: kind }, word(`${kind}_lines`)),
    h("textarea", { id: kind, rows: 4, maxlength: MOST.note, value: state[kind], disabled: !mine,
      onchange: (on) => change(() => { state[kind] = whole(on.target.value); }, false) }));
const savedWord = () =>
  !state.saved ? word("never_saved") : state.changed && state.changed > state.saved ? word("changed_since", { at: state.saved.slice(11, 16) }) : word("saved_at", { at: state.saved.slice(11, 16) });
