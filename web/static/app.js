// What the pages do beyond links and forms: the theme, and filters that apply themselves.
"use strict";

const themes = ["system", "light", "dark"];
const stored = () => localStorage.getItem("theme") || "system";

function show(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll(".theme")) {
    button.hidden = false;
    button.dataset.now = theme;
    button.setAttribute("aria-label", `Colours: ${theme}. Change`);
    button.title = `Colours: ${theme}`;
  }
}

// Empty fields and fields at their default stay out of the address.
function tidy(form) {
  const idle = [...form.elements].filter(
    (field) => field.name && !field.required && (field.value === "" || field.value === field.dataset.default),
  );
  for (const field of idle) field.disabled = true;
  setTimeout(() => idle.forEach((field) => (field.disabled = false)));
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".theme")) {
    const next = themes[(themes.indexOf(stored()) + 1) % themes.length];
    localStorage.setItem("theme", next);
    show(next);
  }
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-of]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copyOf);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.firstChild.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
  }
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});
document.addEventListener("submit", (event) => tidy(event.target), true);
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.target.isContentEditable && !event.ctrlKey && !event.metaKey) {
    const box = document.querySelector("input[type=search]");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing && typing.form) typing.form.requestSubmit();
});
document.addEventListener("htmx:afterSwap", (event) => {
  const heading = event.detail.target.querySelector("[data-focus]");
  if (heading) heading.focus();
});
if (matchMedia("(max-width: 60rem)").matches) {
  for (const part of document.querySelectorAll("[data-narrow-closed]")) part.open = false;
}
for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
show(stored());
