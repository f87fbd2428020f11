// The Cypher page beyond links and forms: the catalogue's search, the link to share, the history of this browser.
"use strict";

const HISTORY = "hfmrs.history";
const MOST = 50;
const LONGEST_ADDRESS = 7800;

// The search in the catalogue, as one types. Groups open while there is something to find.
const find = document.getElementById("find");
const groups = [...document.querySelectorAll(".catalogue details")];
const before = groups.map((group) => group.open);
find.addEventListener("input", () => {
  const spelt = (text) => text.toLowerCase().replaceAll("licence", "license");
  const words = spelt(find.value).split(/\s+/).filter(Boolean);
  groups.forEach((group, i) => {
    const topic = `${group.closest("section").querySelector("h3").textContent} ${group.querySelector("summary").textContent}`;
    for (const link of group.querySelectorAll("a")) {
      const text = spelt(`${topic} ${link.textContent} ${link.title} ${link.title.replaceAll("_", " ")}`);
      link.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = !group.querySelector("a:not([hidden])");
    group.open = words.length ? true : before[i];
  });
  for (const section of document.querySelectorAll(".catalogue section")) section.hidden = !section.querySelector("details:not([hidden])");
  document.querySelector(".catalogue .none").hidden = groups.some((group) => !group.hidden);
});

// The fields of the statement's parameters, as one types. What was filled in stays, also for a name that was gone for a moment.
const ask = document.querySelector("[data-ask]");
const statement = document.getElementById("cypher");
const fields = document.getElementById("fields");
const filled = new Map();
const controls = (where) => [...where.querySelectorAll("[name]")];
const shape = (where) => controls(where).map((each) => `${each.name} ${each.tagName} ${each.type}`).join();
const remember = () => controls(fields).forEach((each) => filled.set(each.name, each.value));
let waiting, asking;
async function renew() {
  if (!statement.value.includes("$") && !fields.firstElementChild) return;
  remember();
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams([["cypher", statement.value], ...[...filled].filter(([, value]) => value)]);
  const fresh = document.createElement("template");
  try {
    const answer = await fetch(`${fields.dataset.fields}?${query}`, { signal: asking.signal });
    if (!answer.ok) return;
    fresh.innerHTML = await answer.text();
  } catch {
    return; // a newer one is on its way, or Run will ask
  }
  if (shape(fresh.content) === shape(fields)) return;
  remember();
  for (const each of controls(fresh.content)) if (filled.has(each.name)) each.value = filled.get(each.name);
  const here = document.activeElement.id;
  fields.replaceChildren(fresh.content);
  if (fields.querySelector(`#${CSS.escape(here || "none")}`)) document.getElementById(here).focus();
  const names = controls(fields).map((each) => `$${each.name.slice(2)}`);
  document.getElementById("fields_said").textContent = names.length ? `Fields below the statement: ${names.join(", ")}` : "No fields below the statement";
}
statement.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(renew, 300);
});

// A statement that no address can hold is not sent.
ask.addEventListener("submit", (event) => {
  const long = new URLSearchParams(new FormData(ask)).toString().length > LONGEST_ADDRESS;
  ask.querySelector(".too-long")?.remove();
  if (!long) return;
  event.preventDefault();
  const note = document.createElement("p");
  note.className = "wrong too-long";
  note.setAttribute("role", "alert");
  note.textContent = "This is longer than an address can hold. Shorten it, or post it to /api/v1/query.";
  ask.querySelector(".run").before(note);
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copy the address above"; // browsers let only secure pages write
    }
    setTimeout(() => (button.textContent = "Copy link"), 3000);
  });
}

// What ran, the last first. Nothing of it leaves the browser.
function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(HISTORY));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}
const keep = (entries) => localStorage.setItem(HISTORY, JSON.stringify(entries.slice(0, MOST)));

// The statement and its parameters, whatever the view.
function core(address) {
  const query = new URLSearchParams(address);
  for (const name of ["view", "chart", "x", "y", "find", "name"]) query.delete(name);
  return query.toString();
}

const ran = document.querySelector("[data-ran]");
if (ran) {
  const { rows = "", ms = "" } = ran.dataset;
  const entry = { at: Date.now(), address: location.search, cypher: document.getElementById("cypher").value, rows, ms };
  keep([entry, ...remembered().filter((each) => core(each.address) !== core(entry.address))]);
}

const dialog = document.getElementById("history");
function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, more);
}
function list() {
  const entries = remembered();
  dialog.querySelector("ol").replaceChildren(
    ...entries.map((entry) => {
      const item = document.createElement("li");
      const link = element("a", "", { href: location.pathname + entry.address });
      link.append(element("code", entry.cypher));
      const rows = entry.rows === "" ? "failed" : `${entry.rows} row${entry.rows === "1" ? "" : "s"} in ${entry.ms} ms`;
      const values = [...new URLSearchParams(entry.address)].filter(([name]) => name.startsWith("p_"));
      const shown = values.map(([name, value]) => `$${name.slice(2)} = ${value}`);
      const when = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      const remove = element("button", "Delete", { type: "button", className: "link" });
      remove.setAttribute("aria-label", `Delete: ${entry.cypher.slice(0, 60)}`);
      remove.addEventListener("click", () => {
        keep(remembered().filter((each) => each.at !== entry.at));
        list();
        dialog.querySelector("ol button, form button").focus();
      });
      const foot = element("p", [when, rows, ...shown].join(" · "), { className: "quiet small" });
      item.append(link, foot, remove);
      return item;
    }),
  );
  dialog.querySelector(".none").hidden = entries.length > 0;
  dialog.querySelector("[data-forget]").hidden = entries.length === 0;
}
document.querySelector("[data-history]").addEventListener("click", () => {
  list();
  dialog.showModal();
});
dialog.querySelector("[data-forget]").addEventListener("click", () => {
  localStorage.removeItem(HISTORY);
  list();
});

// On a phone the answer lies below everything that was asked.
if (ran && ran.getBoundingClientRect().top > innerHeight * 0.8 && matchMedia("(max-width: 60rem)").matches) ran.scrollIntoView();
