// The frame of the page, what draws it, and its first moment.

let where = "prepare";

function header() {
  const now = due().length;
  const status = !state.started ? word("state_new") : isOver() ? word("state_over") : isPaused() ? word("state_paused") : word("state_on");
  return [
    h("p", { class: "skip" }, h("a", { href: "#content", onclick: (on) => { on.preventDefault(); document.getElementById("content").focus(); } }, word("skip_to"))),
    h("p", { class: "banner" }, h("b", {}, word("exercise_three")), h("span", {}, say(script.title))),
    h("div", { class: "clocks" },
      h("p", { class: `clock ${state.running ? "on" : ""}` }, h("span", { id: "clock" }, shown(elapsed(), true)), " ", h("span", { class: "state" }, status)),
      h("p", { id: "coming" }, comingWord()),
      h("p", { class: "actions" },
        !state.started && button("begin", word("begin"), begin, { class: "main", disabled: !mine }),
        isOn() && state.running && button("pause", word("pause"), pause, { disabled: !mine }),
        isPaused() && button("resume", word("resume"), goOn, { class: "main", disabled: !mine }),
        isOn() && button("end", word("end"), () => ask(word("end_sure"), word("end"), finish), { disabled: !mine }),
        isOver() && button("reopen", word("reopen"), reopen, { class: "quiet", disabled: !mine }))),
    h("nav", { "aria-label": word("parts") },
      h("ul", {}, SECTIONS.map((each) =>
        h("li", {}, h("a", { id: `to-${each}`, href: `#${each}`, "aria-current": each === where ? "page" : null }, word(each), each === "lead" && now > 0 && h("span", { class: "count" }, word("count_due", { count: now }))))))),
  ];
}
const comingWord = () => {
  const [following] = planned();
  if (!following || !state.started || isOver()) return `${word("computer_clock")} ${wallClock(Date.now())}`;
  const left = following.at - elapsed();
  return left <= 0 ? word("due_now") : word("next_in", { at: shown(following.at), left: duration(left) });
};
function notices() {
  const lines = warnings.map((each) => h("p", { class: "notice" }, each.text));
  if (!kept.works) lines.push(h("p", { class: "notice bad" }, word("not_kept")));
  if (!mine) lines.push(h("p", { class: "notice bad" }, word("other_tab"), " ", button("take-over", word("take_over"), takeOver)));
  return lines;
}
function correctForm() {
  const submit = (on) => {
    on.preventDefault();
    const at = parsed(written("correct-at"));
    if (at === null) return refuse("correct-at", word("bad_time"));
    forget("correct-at");
    folds.correct = false;
    return correct(at);
  };
  return fold("correct", word("correct_clock"), warnings.length > 0,
    h("form", { class: "inline", onsubmit: submit },
      field("correct-at", word("correct_at"), { initial: shown(elapsed()), size: 9, autocomplete: "off" }), h("button", { id: "correct-now", disabled: !mine }, word("correct_now"))));
}
function turn() {
  language = language === "en" ? "fr" : "en";
  kept.set("language", language);
  draw();
}
function takeOver() {
  const beats = `beat.${state.play}`;
  kept.set(beats, { ...(kept.get(beats) || { wall: Date.now(), elapsed: state.elapsed }), tab: me });
  mine = true;
  resume(state.play);
  draw();
}
function another_play(play) {
  beat(true);
  keep(false);
  if (play) resume(play);
  else {
    state = fresh();
    keep(false);
  }
  where = "prepare";
  for (const each of [drafts, folds]) for (const key of Object.keys(each)) delete each[key];
  warnings.length = 0;
  location.hash = where;
  go();
}
function ask(text, yes, act) {
  const dialog = h("dialog", { id: "ask", "aria-labelledby": "ask-text" },
    h("p", { id: "ask-text" }, text),
    h("p", { class: "actions" }, button("ask-yes", yes, () => { dialog.close(); act(); }, { class: "main" }), button("ask-no", word("cancel"), () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// --------------------------------------------------------------------------------------------------------- drawing
const BUILDERS = { prepare: prepareSection, lead: leadSection, observe: observeSection, log: logSection, results: resultsSection };
let drawn = "";
function draw(everything = false) {
  const focus = document.activeElement?.id || "";
  const selection = document.activeElement?.selectionStart;
  document.documentElement.lang = language;
  document.title = `${word("exercise")} · ${say(script.title)}`;
  const page = document.getElementById("page");
  const sections = SECTIONS.map((each) => {
    const open = each === where;
    return h("section", { id: each, class: open ? "" : "hidden-part", "aria-labelledby": `to-${each}` }, (open || everything) && BUILDERS[each]());
  });
  page.replaceChildren(
    h("header", {}, header()),
    h("div", { class: "notices" }, notices()),
    h("main", { id: "content", tabindex: "-1" }, h("h1", { class: "hidden" }, document.title), sections),
    h("footer", {},
      h("p", {}, button("language", word("other_language"), turn, { class: "quiet", lang: language === "en" ? "fr" : "en" })),
      h("p", {}, word("foot", { version: script.library, digest: DATA.digest.slice(0, 12) }))));
  if (focus) {
    const found = document.getElementById(focus);
    if (found && !found.disabled) {
      found.focus({ preventScroll: true });
      if (selection !== null && selection !== undefined && found.setSelectionRange && found.type !== "number") found.setSelectionRange(selection, selection);
    } else (document.getElementById("now-title") || document.querySelector("section:not(.hidden-part) h2"))?.focus({ preventScroll: true });
  }
  drawn = signature();
  drawScreen();
}
const signature = () => JSON.stringify([due().map((each) => each.id), mine, kept.works, warnings.length, state.running]);
function pass() {
  const lost = beat();
  const before = due().length;
  if (lost || signature() !== drawn) {
    draw();
    const [newest] = due().slice(-1);
    if (newest && before) announce(word("said_due", { title: say(newest.item.title) }));
    return;
  }
  const text = shown(elapsed(), true);
  const clock = document.getElementById("clock");
  if (clock.textContent !== text) {
    clock.textContent = text;
    document.getElementById("coming").textContent = comingWord();
    const other = screen && !screen.closed && screen.document.querySelector(".clock");
    if (other && other.textContent !== shown(elapsed())) other.textContent = shown(elapsed());
  }
}
function go() {
  const wanted = location.hash.slice(1);
  if (!SECTIONS.includes(wanted)) return;
  where = wanted;
  copy(); // another address of this page begins without one
  draw();
  document.querySelector(`#${where} h2`).focus();
  scrollTo(0, 0);
}

language = kept.get("language") || language;
giveBack();
resume(kept.get("current"));
if (state.started) where = "lead";
if (SECTIONS.includes(location.hash.slice(1))) where = location.hash.slice(1);
addEventListener("hashchange", go);
addEventListener("beforeprint", () => draw(true));
addEventListener("afterprint", () => draw());
addEventListener("pagehide", () => {
  if (!mine) return;
  beat(true);
  kept.set("closed", me);
});
addEventListener("beforeunload", (on) => {
  if (!kept.works && isOn()) on.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.running) stayAwake();
});
draw();
setInterval(pass, 250);
