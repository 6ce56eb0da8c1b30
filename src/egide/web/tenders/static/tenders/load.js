// A folder chosen in the browser comes as files without folders: their paths are listed beside them.
"use strict";
for (const field of document.querySelectorAll("[data-folder-field]")) {
  const input = field.querySelector("input[type=file]");
  const list = field.closest("form").elements[input.dataset.folder];
  if (!("webkitdirectory" in input)) continue;
  field.hidden = false;
  input.addEventListener("change", () => {
    list.value = JSON.stringify(Array.from(input.files, (each) => each.webkitRelativePath || each.name));
  });
}
