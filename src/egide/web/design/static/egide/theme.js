"use strict";
// Read before the first paint: without a kept choice the style sheet follows the system by itself.
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const kept = localStorage.getItem("egide-theme");
    if (kept === "light" || kept === "dark") root.setAttribute("data-bs-theme", kept);
  } catch (refused) {
    // Storage is refused by this browser: the system decides.
  }
})();
