"use strict";
// Small enhancements: every page works without them.
(function () {
  const root = document.documentElement;
  const all = (selector, inside) => Array.from((inside || document).querySelectorAll(selector));

  function theme() {
    const menu = document.querySelector("[data-theme-menu]");
    if (!menu) return;
    menu.hidden = false;
    const buttons = all("[data-theme]", menu);
    const show = () => {
      const now = root.getAttribute("data-bs-theme") || "system";
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.theme === now)));
    };
    buttons.forEach((button) =>
      button.addEventListener("click", () => {
        const chosen = button.dataset.theme;
        if (chosen === "system") root.removeAttribute("data-bs-theme");
        else root.setAttribute("data-bs-theme", chosen);
        try {
          localStorage.setItem("egide-theme", chosen);
        } catch (refused) {
          // Not kept: it holds for this page.
        }
        show();
      }),
    );
    show();
  }

  function mainMenu() {
    const button = document.querySelector("[data-menu]");
    if (!button) return;
    const menu = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      menu.classList.toggle("site-menu-open", open);
    });
  }

  function dropMenus() {
    const menus = all("[data-drop-menu]");
    document.addEventListener("click", (event) =>
      menus.forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
      }),
    );
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menus.filter((menu) => menu.open).forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    });
  }

  function dropZone(zone) {
    const input = zone.querySelector("input[type=file]");
    const list = zone.querySelector("[data-drop-list]");
    const hint = zone.querySelector("[data-drop-hint]");
    if (!input || !list) return;
    if (hint) hint.hidden = input.disabled;
    const size = (bytes) => {
      const unit = bytes < 1e6 ? [1e3, "kilobyte"] : [1e6, "megabyte"];
      return new Intl.NumberFormat(root.lang, { style: "unit", unit: unit[1], maximumFractionDigits: 1 }).format(
        bytes / unit[0],
      );
    };
    const show = () => {
      list.replaceChildren(
        ...Array.from(input.files).map((file) => {
          const line = document.createElement("li");
          line.textContent = `${file.name} (${size(file.size)})`;
          return line;
        }),
      );
    };
    input.addEventListener("change", show);
    zone.addEventListener("dragover", (event) => {
      if (input.disabled) return;
      event.preventDefault();
      zone.classList.add("drop-over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("drop-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("drop-over");
      const given = Array.from(event.dataTransfer.files);
      if (input.disabled || given.length === 0) return;
      const kept = new DataTransfer();
      (input.multiple ? given : given.slice(0, 1)).forEach((file) => kept.items.add(file));
      input.files = kept.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    show();
  }

  // A form marked data-guard is sent once, and asks before what was typed in it is lost.
  const dirty = new Set();
  function guard(form) {
    form.addEventListener("input", () => {
      if (form.method === "post") dirty.add(form);
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      dirty.delete(form);
      all("button[type=submit], button:not([type])", form).forEach((button) =>
        button.setAttribute("aria-disabled", "true"),
      );
    });
  }
  function release() {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  }

  function enhance(inside) {
    all("[data-drop]", inside).forEach(dropZone);
    all("form[data-guard]", inside).forEach(guard);
    const wrong = inside.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    mainMenu();
    dropMenus();
    enhance(document);
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) enhance(event.target);
  });
  // On paper nothing stays folded.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = all("details.fold:not([open])");
    unfolded.forEach((fold) => fold.setAttribute("open", ""));
  });
  window.addEventListener("afterprint", () => unfolded.forEach((fold) => fold.removeAttribute("open")));
  // Saved in place: nothing is unsaved any more, and the form may be sent again.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest ? event.target.closest("form") : null;
    if (!form) return;
    if (event.detail.successful) dirty.delete(form);
    release();
  });
  // What a page keeps on this computer of typing not yet saved goes when its person signs out.
  document.addEventListener("submit", (event) => {
    const to = new URL(event.target.getAttribute("action") || "", location.href).pathname;
    if (event.defaultPrevented || !to.endsWith("/deconnexion")) return;
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("egide-draft:")).forEach((key) => localStorage.removeItem(key));
    } catch (refused) {
      // Storage is refused by this browser: nothing was kept.
    }
  });
  window.addEventListener("pageshow", release);
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size > 0) event.preventDefault();
  });
})();
