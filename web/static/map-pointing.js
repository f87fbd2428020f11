// Moving about, and what lies under the pointer or the cross: by pointer, touch and keyboard.
import { writeAddress } from "map/address";
import { draw, place } from "map/drawing";
import { briefly, made, modelAddress, modelName, plainly } from "map/list";
import { WORLD } from "map/points";
import { clamp, FARTHEST, middle, NEAREST, onMap, part, root, said, stage, state, tip, trouble, view, zoomOf } from "map/state";

const REACH = 12; // pixels around the pointer in which a model counts as meant

let waiting = 0;

export const few = () => Boolean(navigator.connection && (navigator.connection.saveData || /2g/.test(navigator.connection.effectiveType)));

/** After a move: the address a little later, so that browsers do not refuse too many. */
function moved() {
  draw();
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    writeAddress();
    state.points.load(view, few());
  }, 250);
}

export function go(x, y, z) {
  state.x = clamp(x, 0, WORLD);
  state.y = clamp(y, 0, WORLD);
  state.z = clamp(z, NEAREST, FARTHEST);
  moved();
}

export function reset() {
  [state.x, state.y] = middle();
  state.z = null;
  moved();
}

export async function look(point, aloud = false) {
  const same = point && state.looked && point.tile === state.looked.tile && point.i === state.looked.i;
  if (same && !aloud) return;
  state.looked = point;
  if (!point) {
    tip.hidden = true;
    place();
    return;
  }
  place();
  let model;
  try {
    model = await state.points.name(point);
  } catch (problem) {
    trouble(problem);
    return;
  }
  if (state.looked !== point) return;
  const facts = [model.task, model.library, model.year, model.downloads == null ? "" : `${briefly(model.downloads)} downloads`].filter(Boolean);
  tip.replaceChildren(made("a", { href: modelAddress(model.id), tabIndex: -1 }, modelName(model.id)), made("span", { className: "small" }, facts.map(plainly).join(" · ")));
  tip.hidden = false;
  place();
  if (aloud) said.textContent = `${plainly(model.id)}. ${facts.map(plainly).join(", ")}`;
}

const under = (event) => {
  const frame = stage.getBoundingClientRect();
  const at = onMap(event.clientX - frame.left, event.clientY - frame.top);
  return state.points.nearest(...at, (event.pointerType === "touch" ? 2 : 1) * REACH / 2 ** zoomOf());
};

async function open(point) {
  location.assign(modelAddress((await state.points.name(point)).id));
}

export function tool(name) {
  if (name) stage.dataset.tool = name;
  else delete stage.dataset.tool;
  root.querySelector("[data-do=lasso]").setAttribute("aria-pressed", String(name === "lasso"));
  if (name === "lasso") said.textContent = "Draw around models with the pointer.";
}

/** `select(area)`: what follows when a lasso was drawn. */
export function listenToPointers(select) {
  const canvas = part(".canvas");
  let down = null;
  let lasso = null;
  const at = (event) => {
    const frame = stage.getBoundingClientRect();
    return onMap(event.clientX - frame.left, event.clientY - frame.top);
  };
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons === 0 && event.pointerType !== "touch") look(under(event));
  });
  stage.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && look(null));
  // Before deck.gl hears of it: while the lasso is out, a drag draws.
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      down = [event.clientX, event.clientY];
      if (stage.dataset.tool !== "lasso" || event.button) return;
      event.stopPropagation();
      canvas.setPointerCapture(event.pointerId);
      lasso = [at(event)];
      look(null);
    },
    true,
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (!lasso) return;
      event.stopPropagation();
      const next = at(event);
      const [last] = lasso.slice(-1);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) * 2 ** zoomOf() < 6) return;
      lasso.push(next);
      state.area = lasso;
      place();
    },
    true,
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const still = down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < 4;
      down = null;
      if (lasso) {
        event.stopPropagation();
        const drawn = lasso;
        lasso = null;
        tool(null);
        if (drawn.length > 2) select(drawn);
        return;
      }
      if (!still || event.button) return;
      const point = under(event);
      if (event.pointerType === "touch") look(point);
      else if (point) open(point);
    },
    true,
  );
}

export function listenToKeys() {
  const step = () => 80 / 2 ** zoomOf();
  const keys = {
    ArrowLeft: () => go(state.x - step(), state.y, zoomOf()),
    ArrowRight: () => go(state.x + step(), state.y, zoomOf()),
    ArrowUp: () => go(state.x, state.y - step(), zoomOf()),
    ArrowDown: () => go(state.x, state.y + step(), zoomOf()),
    "+": () => go(state.x, state.y, zoomOf() + 0.5),
    "=": () => go(state.x, state.y, zoomOf() + 0.5),
    "-": () => go(state.x, state.y, zoomOf() - 0.5),
    0: reset,
  };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && state.looked) open(state.looked);
    else if (event.key === "Escape") {
      tool(null);
      look(null);
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
      look(state.points.nearest(state.x, state.y, 40 / 2 ** zoomOf()), true);
    }
  });
}
