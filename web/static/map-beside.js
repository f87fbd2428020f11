// What stands beside the map: the legend, what a search found, what was selected.
import { writeAddress } from "map/address";
import { colourOf, css } from "map/colours";
import { draw, paintAll, place } from "map/drawing";
import { counted, drawFound, drawLegend, drawRecommended, drawSelected, made, plainly } from "map/list";
import { FIELDS, NO_NAME, WORLD } from "map/points";
import { look } from "map/pointing";
import { root, rowsOf, said, stage, state, trouble } from "map/state";

const LISTED = 50;
const TITLES = { cluster: "Clusters", task: "Tasks", library: "Libraries", year: "Years" };
const legend = document.getElementById("legend");
const found = document.getElementById("found");
const selected = document.getElementById("selected");
const box = document.getElementById("q");

export async function select(area) {
  state.area = area;
  writeAddress();
  place();
  const { count, first, counts, complete } = state.points.within(area, LISTED);
  let models;
  try {
    models = await Promise.all(first.map(async (point) => ({ ...(await state.points.name(point)), point })));
  } catch (problem) {
    trouble(problem);
    return;
  }
  models.sort((a, b) => (b.downloads || 0) - (a.downloads || 0));
  const most = (field) => state.points.word(field, counts[field].subarray(0, NO_NAME).reduce((best, each, code, all) => (each > all[best] ? code : best), 0));
  const searches = count ? [["task", most("task")], ["library", most("library")]].filter(([, name]) => name).map(([field, name]) => ({ name: plainly(name), address: `${root.dataset.search}?${field}=${encodeURIComponent(name)}` })) : [];
  drawSelected(selected, { count, complete, models, searches }, {
    point: (model) => pick(model && { x: state.points.place(model.point)[0] / WORLD, y: state.points.place(model.point)[1] / WORLD }),
    clear: () => {
      state.area = null;
      selected.hidden = true;
      writeAddress();
      place();
      stage.focus();
    },
    recommend,
  });
  said.textContent = `${counted(count)} selected.`;
}

async function recommend(panel, ids) {
  const query = new URLSearchParams(ids.map((id) => ["id", id]));
  const answer = await fetch(`${root.dataset.recommend}?${query}`);
  const body = await answer.json();
  if (answer.ok) drawRecommended(panel, body);
  else panel.replaceChildren(made("p", { className: "small" }, `${body.detail} ${body.hint || ""}`));
}

function pick(model) {
  state.picked = model;
  place();
}

export async function find(text) {
  state.q = text.trim();
  box.value = state.q;
  state.marks = [];
  found.hidden = true;
  document.getElementById("map-trouble").hidden = true;
  writeAddress();
  if (!state.q) {
    draw();
    return;
  }
  const answer = await fetch(`${root.dataset.found}?q=${encodeURIComponent(state.q)}`);
  const body = await answer.json();
  if (!answer.ok) {
    trouble(new Error(`${body.detail} ${body.hint || ""}`));
    draw();
    return;
  }
  state.marks = body.models;
  drawFound(found, body, { listed: LISTED, search: root.dataset.search, point: pick, clear: () => find("") });
  said.textContent = `${counted(state.marks.length)} marked.`;
  draw();
}

export function showLegend() {
  const rows = rowsOf(state.colour).map((row, position, all) => {
    const { colour, hue } = colourOf(row, position, all);
    return { ...row, hue, colour: hue ? "" : css(colour) };
  });
  const others = FIELDS.filter((field) => field !== state.colour && state.points.off[field].some(Boolean)).map((field) => {
    const all = rowsOf(field);
    const on = all.filter((row) => !state.points.off[field][row.code]);
    return { name: `${TITLES[field]}: ${on.length} of ${all.length}`, clear: () => (state.points.off[field].fill(0), switched(), showLegend()) };
  });
  drawLegend(legend, { title: TITLES[state.colour], rows, off: state.points.off[state.colour], others, changed: switched });
}

function switched() {
  writeAddress();
  look(null);
  paintAll();
  if (state.area) select(state.area);
}
