// Suggestions under a search box: an editable combobox with a listbox, as in the ARIA Authoring Practices. Without this
// script the box is a plain form.
"use strict";

function suggestUnder(box) {
  const list = document.getElementById(`${box.id}-suggestions`);
  let asked = new AbortController();
  let wait = 0;
  let active = -1;

  const open = () => !list.hidden;
  function close() {
    clearTimeout(wait);
    asked.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    point(-1);
  }
  function point(number) {
    active = number;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === number)));
    const chosen = list.children[number];
    if (!chosen) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }
  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = box.value;
    if (text.trim().length < 2) return close();
    try {
      const address = new URL(box.dataset.suggest, location);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch {
      return;
    }
    [...list.children].forEach((option, n) => (option.id = `${list.id}-${n}`));
    list.hidden = list.children.length === 0;
    box.setAttribute("aria-expanded", String(open()));
    point(-1);
  }
  function take(option) {
    if ("fill" in box.dataset) {
      box.value = option.dataset.model;
      box.focus();
      return close();
    }
    if (option.dataset.go) return location.assign(option.dataset.go);
    box.value = option.dataset.say;
    box.focus();
    if (box.value.endsWith(" ")) close(); // a whole word was taken; after "task:" its values are next
    else ask();
  }

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 120);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "ArrowDown" && !open()) ask();
    else if (event.key === "ArrowDown") point(active + 1 < count ? active + 1 : -1);
    else if (event.key === "ArrowUp" && open()) point(active < 0 ? count - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) take(list.children[active]);
    else if (event.key === "Escape" && open()) close();
    else {
      if (event.key === "Escape" || event.key === "Enter") close(); // what is still asked for would open it again
      return;
    }
    event.preventDefault();
  });
  // Before the box loses its focus, which would close the list under the pointer.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

function suggestUnderAll() {
  for (const box of document.querySelectorAll("[data-suggest]:not([role=combobox])")) suggestUnder(box);
}
suggestUnderAll();
document.addEventListener("htmx:afterSwap", suggestUnderAll);
