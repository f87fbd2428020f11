// Hearts on pages that are the same for everybody: asked for once the page is there, and again for what comes later.
"use strict";
{
  const address = document.currentScript.dataset.marks;
  const AT_ONCE = 20;

  const ask = () => {
    const waiting = [...document.querySelectorAll("span.marks[data-model]:not([data-asked])")];
    for (let i = 0; i < waiting.length; i += AT_ONCE) {
      const query = new URLSearchParams({ next: location.pathname + location.search });
      for (const each of waiting.slice(i, i + AT_ONCE)) {
        each.dataset.asked = "";
        query.append("model", each.dataset.model);
        if ("whole" in each.dataset) query.set("whole", each.dataset.model);
      }
      htmx.ajax("GET", `${address}?${query}`, { target: document.body, swap: "none" });
    }
  };
  ask();
  document.addEventListener("htmx:afterSettle", ask);

  // A pressed button keeps the focus, though another element took its place.
  let pressed = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form.marks");
    if (form && document.activeElement && form.contains(document.activeElement)) {
      pressed = [form.id, document.activeElement.className];
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const form = pressed && document.getElementById(pressed[0]);
    const button = form && form.querySelector(`.${pressed[1]}`);
    if (button) {
      pressed = null;
      button.focus({ preventScroll: true });
    }
  });
}
