// What the parts of the map share: the elements of the page, what one sees, and where things lie in it.
import { made, plainly } from "map/list";
import { NO_NAME, WORLD } from "map/points";

export const root = document.getElementById("map");
export const stage = document.getElementById("stage");
export const part = (name) => stage.querySelector(name);
export const tip = part(".tip");
export const said = document.getElementById("map-said");

export const NEAREST = -2;
export const FARTHEST = 9;

/** Without z the view is of all models. `points`: a MapPoints; `colours`: as map/colours reads them; `marks`: what a
    search found; `looked`: the point that is named; `picked`: the model of a list that somebody looks at. */
export const state = {
  colour: root.dataset.colour, q: "", x: 0, y: 0, z: null, area: null,
  points: null, colours: null, marks: [], looked: null, picked: null,
};

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export const keyOf = (field, row) => (field === "cluster" ? String(row.code + 1) : row.name);

/** The legend's rows; what has no name in it, or none at all, comes last. */
export function rowsOf(field) {
  const rows = state.points.index.legends[field];
  const rest = state.points.total - rows.reduce((sum, row) => sum + row.models, 0);
  const name = field === "year" ? "not told" : "none or rarer";
  return rest > 0 ? [...rows, { code: NO_NAME, name, models: rest }] : rows;
}

export const zoomOf = () => (state.z === null ? whole() : state.z);
/** Where nearly all models lie, in units of the map; its middle, and the zoom at which all of it is seen. */
export const most = () => state.points.index.box.map((each) => each * WORLD);
export const middle = () => [0, 1].map((n) => (most()[n] + most()[n + 2]) / 2);
export const whole = () => {
  const [left, top, right, bottom] = most();
  const room = (size, span) => Math.max(size - 48, 100) / Math.max(span, 1);
  return Math.log2(Math.min(room(stage.clientWidth, right - left), room(stage.clientHeight, bottom - top)));
};

export const onScreen = (x, y) => {
  const scale = 2 ** zoomOf();
  return [stage.clientWidth / 2 + (x - state.x) * scale, stage.clientHeight / 2 + (y - state.y) * scale];
};
export const onMap = (left, top) => {
  const scale = 2 ** zoomOf();
  return [state.x + (left - stage.clientWidth / 2) / scale, state.y + (top - stage.clientHeight / 2) / scale];
};
export const view = () => [...onMap(0, 0), ...onMap(stage.clientWidth, stage.clientHeight)];

/** Says what went wrong, and the way on. */
export function trouble(problem) {
  const told = document.getElementById("map-trouble");
  const stale = problem.message === "404" ? "The map has been drawn anew." : problem.message === "Failed to fetch" ? "The server does not answer." : problem.message;
  told.replaceChildren(plainly(stale), " ", made("a", { href: location.href }, "Load the page again"));
  told.hidden = false;
}
