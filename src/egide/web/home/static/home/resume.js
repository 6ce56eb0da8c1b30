"use strict";
// Signing in in another tab renews the protection of forms: take the new one just before sending.
for (const form of document.querySelectorAll("form[data-resume]")) {
  form.addEventListener("submit", () => {
    const found = document.cookie.match(/(?:^|; )egide-csrf=([^;]+)/);
    if (found) form.elements.csrfmiddlewaretoken.value = found[1];
  });
}
