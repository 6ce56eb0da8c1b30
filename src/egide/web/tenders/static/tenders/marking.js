"use strict";
// Marking as one goes: each row is sent by itself, and every keystroke stays on this computer until it is acknowledged.
// Without this script the page is one plain form.
(function () {
  const PREFIX = "egide-draft:";
  const all = (selector, inside) => Array.from((inside || document).querySelectorAll(selector));
  const cookie = (name) =>
    document.cookie.split("; ").map((each) => each.split("=")).filter((each) => each[0] === name).map((each) => each[1])[0];

  // ---- what is kept on this computer
  const drafts = {
    works: (function () {
      try {
        localStorage.setItem(PREFIX, "");
        localStorage.removeItem(PREFIX);
        return true;
      } catch (refused) {
        return false;
      }
    })(),
    keys(owner) {
      return this.works ? Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + owner)) : [];
    },
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch (broken) {
        return null;
      }
    },
    write(key, draft) {
      try {
        localStorage.setItem(key, JSON.stringify(draft));
      } catch (full) {
        // What this computer cannot keep is still sent.
      }
    },
    has(key) {
      return this.works && localStorage.getItem(key) !== null;
    },
    drop(key) {
      if (this.works) localStorage.removeItem(key);
    },
  };

  function body(rows) {
    const data = new URLSearchParams();
    rows.forEach((row, number) => {
      data.append("row", String(number));
      data.append(`place-${number}`, row.place);
      data.append(`revision-${number}`, String(row.revision));
      if (row.choice) {
        data.append(`choice-${number}`, row.choice);
        data.append(`against-${number}`, String(row.against));
      }
      Object.entries(row.values).forEach(([name, value]) => data.append(`${name}-${number}`, value));
    });
    return data;
  }

  // Resolves to {rows} or to {fault: "offline" | "session" | "refused", login}.
  async function send(action, rows) {
    let answer;
    const data = body(rows);
    try {
      answer = await fetch(action, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": cookie("egide-csrf") || "" },
        body: data,
        credentials: "same-origin",
        keepalive: data.toString().length < 60000, // more is refused by browsers
      });
    } catch (lost) {
      return { fault: "offline" };
    }
    const isData = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.status === 401) return { fault: "session", login: isData ? (await answer.json()).login : "" };
    if (answer.redirected || (answer.ok && !isData)) return { fault: "session", login: "" };
    if (answer.status >= 500 || answer.status === 429) return { fault: "offline" };
    if (!answer.ok) return { fault: "refused" };
    return answer.json().catch(() => ({ fault: "offline" }));
  }

  // ---- rows of other pages: sent again from wherever one is
  async function elsewhere(owner, here, show) {
    const waiting = drafts.keys(owner).map((key) => [key, drafts.read(key)]).filter(([, draft]) => draft && draft.action && !here(draft));
    const left = [];
    for (const [key, draft] of waiting) {
      const told = await send(draft.action, [draft]);
      const done = told.rows && told.rows[0] && ["saved", "same", "taken"].includes(told.rows[0].outcome);
      if (done) drafts.drop(key);
      else left.push(draft);
    }
    show(left);
  }

  function listed(box) {
    return (left) => {
      const pages = new Map(left.map((draft) => [draft.page, draft]));
      box.hidden = pages.size === 0;
      box.querySelector("ul").replaceChildren(
        ...Array.from(pages.values()).map((draft) => {
          const line = document.createElement("li");
          const link = document.createElement("a");
          link.href = draft.page;
          link.textContent = draft.heading;
          line.append(link);
          return line;
        }),
      );
    };
  }

  // ---- the rows of this page
  function grid(form) {
    const owner = form.dataset.drafts;
    const words = (name, values) =>
      Object.entries(values || {}).reduce((text, [key, value]) => text.replace(key, value), form.getAttribute(`data-say-${name}`) || "");
    const status = form.querySelector("[data-status]");
    const rows = all("[data-row]", form).map((element) => {
      const number = element.querySelector("[name=row]").value;
      return { element, number, place: element.dataset.row, base: null, sending: false, other: null };
    });
    const ending = (row) => `-${row.number}`;
    const controls = (row) =>
      all("input, select, textarea", row.element).filter(
        (each) => each.name.endsWith(ending(row)) && !/^(place|revision|against|choice)-/.test(each.name),
      );
    const named = (row, control) => control.name.slice(0, -ending(row).length);
    const flat = (text) => text.replace(/\r\n/g, "\n").trim();

    function values(row) {
      const found = {};
      controls(row).forEach((control) => {
        if (control.type === "radio") {
          if (control.checked) found[named(row, control)] = control.value;
        } else found[named(row, control)] = flat(control.value);
      });
      return found;
    }
    function fill(row, given) {
      controls(row).forEach((control) => {
        const value = given[named(row, control)];
        if (value === undefined) return;
        if (control.type === "radio") control.checked = control.value === value;
        else if (flat(control.value) !== value) control.value = value;
      });
    }
    const same = (one, other) => Object.keys(one).every((name) => other[name] === undefined || one[name] === other[name]);
    const main = (row) => values(row).level || values(row).note || "";
    const dirty = (row) => !same(values(row), row.base) && !(row.refused && same(values(row), row.refused));
    const revision = (row) => row.element.querySelector("[data-revision]");
    const against = (row) => row.element.querySelector("[data-against]");
    const choice = (row) => {
      const chosen = row.element.querySelector("[data-choice]:checked");
      return chosen ? chosen.value : "";
    };
    const key = (row) => `${PREFIX}${owner}:${row.place}`;
    const state = (row, name, more) => {
      const said = row.element.querySelector("[data-state]");
      const text = `${words(name)}${more ? ` ${more}` : ""}`;
      if (said.textContent !== text) said.textContent = text;
      row.element.classList.toggle("mark-row-unsaved", name === "unsaved" || name === "sending");
    };
    let last = "";
    // What is told already stays as it is: a link must not go from under the finger that presses it.
    const tell = (text, link, fault) => {
      const now = JSON.stringify([text, link || "", Boolean(fault)]);
      if (now === last && status.childNodes.length) return;
      last = now;
      status.replaceChildren(text);
      status.classList.toggle("grid-status-fault", Boolean(fault));
      if (link) {
        const way = document.createElement("a");
        way.href = link;
        way.textContent = words("login");
        status.append(" ", way);
      }
    };

    function keep(row) {
      const draft = {
        place: row.place,
        values: values(row),
        revision: Number(revision(row).value) || 0,
        action: form.getAttribute("action"),
        page: location.pathname + location.search,
        heading: form.dataset.heading,
      };
      drafts.write(key(row), draft);
    }
    // An answer that comes while its person signs out writes nothing back: what was typed has just been removed.
    function keepStill(row) {
      if (drafts.has(key(row))) keep(row);
    }

    let timer = 0;
    let waiting = 2000;
    let busy = null;
    const soon = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(flush, delay);
    };

    function changed(row, delay) {
      if (dirty(row) || row.other) {
        keep(row);
        if (!row.other) state(row, "unsaved");
        soon(delay);
      } else {
        drafts.drop(key(row));
        state(row, main(row) ? "saved" : "todo");
      }
    }

    // Sends all that is not acknowledged, one request at a time; resolves to whether everything is.
    function flush() {
      clearTimeout(timer);
      busy = (busy || Promise.resolve()).then(once, once);
      return busy;
    }
    async function once() {
      const ready = rows.filter((row) => (row.other ? choice(row) : dirty(row)));
      if (ready.length === 0) return rows.every((row) => !row.other && !row.refused);
      const sent = ready.map((row) => ({
        place: row.place,
        values: values(row),
        revision: Number(revision(row).value) || 0,
        against: Number(against(row).value) || 0,
        choice: row.other ? choice(row) : "",
      }));
      ready.forEach((row) => state(row, "sending"));
      const told = await send(form.getAttribute("action"), sent);
      if (told.fault) {
        ready.forEach((row) => state(row, "unsaved"));
        const count = { "%n": String(ready.length) };
        if (told.fault === "session") {
          const login = told.login || form.dataset.login;
          tell(words("session", count), `${login}?next=${encodeURIComponent(location.pathname + location.search)}`, true);
        } else tell(words(told.fault === "refused" ? "denied" : "offline", count), "", true);
        waiting = Math.min(waiting * 1.7, 30000);
        soon(waiting);
        return false;
      }
      waiting = 2000;
      told.rows.forEach((one, number) => acknowledge(ready[number], sent[number], one));
      progress(told);
      const conflicts = rows.filter((row) => row.other).length;
      const more = rows.some((row) => !row.other && dirty(row));
      const refused = rows.filter((row) => row.refused).length;
      tell(conflicts ? words("choose") : refused ? words("refused") : more ? "" : words("all"), "", conflicts + refused);
      if (more) soon(300);
      return conflicts + refused === 0 && !more;
    }

    function acknowledge(row, sent, one) {
      const why = row.element.querySelector("[data-refused]");
      if (why) why.textContent = one.why || "";
      if (one.outcome === "refused") {
        row.refused = sent.values;
        state(row, "refused", why ? "" : one.why);
        return;
      }
      row.refused = null;
      if (one.outcome === "conflict") {
        against(row).value = one.revision;
        row.other = one.other;
        conflict(row);
        keepStill(row);
        return;
      }
      const typing = !same(values(row), sent.values);
      row.other = null;
      row.element.classList.remove("mark-row-conflict");
      all("[data-conflict-box]", row.element).forEach((box) => box.remove());
      revision(row).value = one.revision;
      against(row).value = "";
      row.base = one.outcome === "taken" ? { ...sent.values, ...one.values } : sent.values;
      if (one.outcome === "taken") fill(row, row.base);
      const advice = row.element.querySelector("[data-advice]");
      if (advice)
        advice.replaceChildren(
          ...(one.advice || []).map((text) => {
            const line = document.createElement("li");
            line.textContent = text;
            return line;
          }),
        );
      row.element.classList.toggle("mark-row-done", Boolean(one.marked));
      if (typing && one.outcome !== "taken") {
        keepStill(row);
        state(row, "unsaved");
      } else {
        drafts.drop(key(row));
        state(row, one.marked ? "saved" : "todo", one.marked ? one.at : "");
      }
    }

    function conflict(row) {
      all("[data-conflict-box]", row.element).forEach((box) => box.remove());
      const box = document.querySelector("template[data-conflict]").content.firstElementChild.cloneNode(true);
      box.querySelector("[data-other-words]").textContent = row.other.words;
      box.querySelector("[data-other-reason]").textContent = row.other.reason ? ` – ${row.other.reason}` : "";
      box.querySelector("[data-other-by]").textContent = row.other.by ? `(${row.other.by})` : "";
      all("[data-choice]", box).forEach((radio) => (radio.name = `choice-${row.number}`));
      row.element.querySelector("[data-state]").parentElement.before(box);
      row.element.classList.add("mark-row-conflict");
      state(row, "conflict");
    }

    function progress(told) {
      all("[data-progress]", form).forEach((place) => {
        place.textContent = words("progress", { "%d": String(told.marked), "%t": String(told.total) });
      });
    }

    // ---- keyboard
    const target = (row) => row.element.querySelector("input[type=radio][data-key]:checked, [data-main]") || controls(row)[0];
    function move(row, step) {
      const next = rows[rows.indexOf(row) + step];
      if (!next) {
        form.querySelector("[data-save]").focus();
        return;
      }
      const where = target(next);
      where.focus({ preventScroll: true });
      next.element.scrollIntoView({ block: "center" });
    }
    function pressed(row, event) {
      const on = event.target;
      if (event.altKey || event.metaKey || event.isComposing) return;
      const typed = on.tagName === "TEXTAREA" || on.tagName === "SELECT" || (on.tagName === "INPUT" && on.type === "text");
      if (event.key === "Enter" && on.tagName !== "SUMMARY" && on.tagName !== "A" && on.tagName !== "BUTTON") {
        if (on.tagName === "TEXTAREA" && !event.ctrlKey) return;
        event.preventDefault();
        flush();
        move(row, event.shiftKey ? -1 : 1);
      } else if (!typed && !event.ctrlKey && /^[0-9]$/.test(event.key)) {
        const radio = row.element.querySelector(`input[type=radio][data-key="${event.key}"]`);
        if (!radio) return;
        event.preventDefault();
        radio.checked = true;
        radio.focus();
        radio.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }

    // ---- begin
    let restored = 0;
    rows.forEach((row) => {
      row.base = values(row);
      const told = row.element.querySelector("[data-conflict-box]");
      if (told) {
        // The page itself told a conflict: what is typed is this person's, not what is in the database.
        row.other = { words: "", reason: "", by: "" };
        state(row, "conflict");
      }
      const draft = drafts.works ? drafts.read(key(row)) : null;
      if (draft && !told) {
        if (same(draft.values, row.base)) drafts.drop(key(row));
        else {
          fill(row, draft.values);
          revision(row).value = draft.revision;
          state(row, "unsaved");
          restored += 1;
        }
      }
      row.element.addEventListener("input", (event) => {
        if (event.target.matches("[data-selected]")) return;
        if (event.target.matches("[data-choice]")) {
          soon(0);
          return;
        }
        changed(row, event.target.type === "radio" || event.target.tagName === "SELECT" ? 400 : 1500);
      });
      row.element.addEventListener("focusout", (event) => {
        if (!row.element.contains(event.relatedTarget) && dirty(row) && !row.other) flush();
      });
      row.element.addEventListener("keydown", (event) => pressed(row, event));
    });
    if (restored) {
      tell(words("restored", { "%n": String(restored) }));
      soon(600);
    }

    form.addEventListener("submit", async (event) => {
      const by = event.submitter;
      if (by && by.name === "bulk") {
        if (rows.some((row) => row.other || dirty(row))) {
          event.preventDefault();
          if (await flush()) form.requestSubmit(by);
        }
        return;
      }
      event.preventDefault();
      const done = await flush();
      if (done) tell(words("all"));
    });
    window.addEventListener("online", () => flush());
    window.addEventListener("focus", () => flush());
    document.addEventListener("visibilitychange", () => flush());
    window.addEventListener("beforeunload", (event) => {
      if (!drafts.works && rows.some((row) => dirty(row))) event.preventDefault();
    });
    document.addEventListener(
      "submit",
      (event) => {
        const to = new URL(event.target.getAttribute("action") || "", location.href).pathname;
        const leaving = to.endsWith("/deconnexion");
        if (leaving && rows.some((row) => dirty(row)) && !window.confirm(words("leave"))) {
          event.preventDefault();
          event.stopPropagation();
        }
      },
      true,
    );

    all("[data-help], [data-all]", form).forEach((each) => (each.hidden = false));
    all("[data-unfold]", form).forEach((button) =>
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(open));
        all("details.asked", form).forEach((each) => (each.open = open));
      }),
    );
    all("[data-check]", form).forEach((button) =>
      button.addEventListener("click", () =>
        rows.forEach((row) => {
          const box = row.element.querySelector("[data-selected]");
          const todo = main(row) === "";
          box.checked = button.dataset.check === "all" || (button.dataset.check === "todo" && todo);
        }),
      ),
    );
    return { owner, here: (draft) => rows.some((row) => row.place === draft.place && draft.action === form.getAttribute("action")) };
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-marking]");
    const known = form ? grid(form) : null;
    const box = document.querySelector("[data-drafts-of]");
    if (box) elsewhere(box.dataset.draftsOf, known ? known.here : () => false, listed(box));
  });
})();
