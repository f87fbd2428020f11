// What stands beside the map: the legend, what was found, what was selected. Builds elements; names are only ever text.

export function made(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A name with its invisible characters made visible, as the pages show it. */
export const plainly = (text) => String(text).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "\ufffd");

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
export const briefly = (number) => compact.format(number).replace(/K$/, "\u00a0k").replace(/([MBT])$/, "\u00a0$1");
export const exactly = (number) => number.toLocaleString("en");
export const counted = (number) => `${exactly(number)} model${number === 1 ? "" : "s"}`;

export const modelAddress = (id) => `/model/${id.split("/").map(encodeURIComponent).join("/")}`;

/** A model's name as elsewhere on the pages: its author quieter than itself. */
export function modelName(id) {
  const [name, ...author] = plainly(id).split("/").reverse();
  const by = author.length ? [made("span", { className: "by" }, `${author.reverse().join("/")}/`)] : [];
  return made("bdi", {}, ...by, name);
}

/** A list of models, each {id, downloads}. point(model or null): which of them somebody looks at. */
function modelList(models, point = () => {}) {
  const rows = models.map((model) => {
    const link = made("a", { href: modelAddress(model.id) }, modelName(model.id));
    for (const name of ["pointerenter", "focus"]) link.addEventListener(name, () => point(model));
    for (const name of ["pointerleave", "blur"]) link.addEventListener(name, () => point(null));
    const used = model.downloads == null ? [] : [made("span", { className: "number", title: `${exactly(model.downloads)} downloads in the last month` }, briefly(model.downloads))];
    return made("li", {}, link, ...used);
  });
  return made("ol", { className: "names" }, ...rows);
}

/** The legend of one field. rows: {code, name, models, hue or colour}; off: 1 for codes that are not shown; changed():
    called after one was switched. others: {name, clear()} of fields that keep some models out as well. */
export function drawLegend(panel, { title, rows, off, others, changed }) {
  const boxes = [];
  const redraw = () => {
    for (const { row, box } of boxes) box.checked = !off[row.code];
    changed();
  };
  const set = (value) => {
    for (const row of rows) off[row.code] = value(row) ? 0 : 1;
    redraw();
  };
  const items = rows.map((row) => {
    const box = made("input", { type: "checkbox", checked: !off[row.code] });
    boxes.push({ row, box });
    box.addEventListener("change", () => {
      off[row.code] = box.checked ? 0 : 1;
      changed();
    });
    const swatch = made("span", { className: `swatch ${row.hue || ""}` });
    swatch.setAttribute("aria-hidden", "true");
    if (row.colour) swatch.style.background = row.colour;
    const name = plainly(row.name);
    const label = made("label", { title: name }, box, swatch, made("bdi", {}, name), made("span", { className: "number", title: exactly(row.models) }, briefly(row.models)));
    const only = made("button", { type: "button", className: "only" }, "only", made("span", { className: "hidden-text" }, ` ${name}`));
    only.addEventListener("click", () => set((each) => each === row));
    return made("li", {}, label, only);
  });
  const all = made("button", { type: "button" }, "All");
  const none = made("button", { type: "button" }, "None");
  all.addEventListener("click", () => set(() => true));
  none.addEventListener("click", () => set(() => false));
  const filters = others.map(({ name, clear }) => {
    const button = made("button", { type: "button", className: "chip k-tag" }, `${name} `, made("span", { className: "cross" }, "×"), made("span", { className: "hidden-text" }, "show all again"));
    button.addEventListener("click", clear);
    return button;
  });
  const list = made("ul", {}, ...items);
  const scroll = made("div", { className: "scroll" }, list);
  panel.replaceChildren(
    made("div", { className: "head" }, made("h2", { id: "legend-title" }, title), made("span", { className: "both" }, all, none)),
    ...(filters.length ? [made("p", { className: "chips" }, ...filters)] : []),
    scroll,
  );
}

/** What a search found. answer: as /api/v1/map/found gives it; listed: how many to name. */
export function drawFound(panel, answer, { listed, search, point, clear }) {
  const off = made("button", { type: "button" }, "Clear");
  off.addEventListener("click", clear);
  const total = `${answer.total_is_lower_bound ? "at least " : ""}${counted(answer.total)}`;
  const here = answer.models.length;
  const told = here ? `${total}${here < answer.total ? `; the first ${exactly(here)} are marked` : ""}.` : "Nothing that has a place on the map.";
  panel.replaceChildren(
    made("div", { className: "head" }, made("h2", { id: "found-title" }, "Found"), made("span", { className: "both" }, off)),
    made("p", { className: "small quiet" }, told, " ", made("a", { href: `${search}?q=${encodeURIComponent(answer.query)}` }, "As a search")),
    ...answer.notes.map((note) => made("p", { className: "small quiet" }, plainly(note))),
    modelList(answer.models.slice(0, listed), point),
  );
  panel.hidden = false;
}

/** What was selected: {count, complete, models, searches: [{name, address}]}, the models the most used of them. */
export function drawSelected(panel, { count, complete, models, searches }, { point, clear, recommend }) {
  const off = made("button", { type: "button" }, "Clear");
  off.addEventListener("click", clear);
  const told = models.length < count ? `The ${exactly(models.length)} most used of ${complete ? "" : "at least "}${counted(count)}.` : `${counted(count)}.`;
  const links = searches.flatMap(({ name, address }) => [" ", made("a", { href: address }, name)]);
  const answer = made("div", { className: "answer" });
  const ask = made("button", { type: "button", className: "button" }, "What goes with these?");
  ask.addEventListener("click", async () => {
    ask.disabled = true;
    await recommend(answer, models.slice(0, 10).map((each) => each.id));
    ask.disabled = false;
  });
  panel.replaceChildren(
    made("div", { className: "head" }, made("h2", { id: "selected-title" }, "Selected"), made("span", { className: "both" }, off)),
    made("p", { className: "small quiet" }, count ? told : "No model lies there.", ...(links.length ? [" Search:", ...links] : [])),
    modelList(models, point),
    ...(models.length ? [ask, answer] : []),
  );
  panel.hidden = false;
}

/** Recommendations for some models, as the API gives them. */
export function drawRecommended(panel, answer) {
  const rows = answer.recommendations.map((each) => {
    const [reason] = each.reasons.filter((one) => one.kind !== "rest");
    const said = reason ? [made("p", { className: "small quiet" }, made("bdi", {}, plainly(reason.text)))] : [];
    return made("li", {}, made("a", { href: modelAddress(each.id) }, modelName(each.id)), ...said);
  });
  panel.replaceChildren(made("h3", {}, "Recommended for the most used of these"), made("ol", { className: "names" }, ...rows));
}
