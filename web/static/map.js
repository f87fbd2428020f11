// The map: begins it, and says what each button does. What one sees has an address.
import { readAddress, writeAddress } from "map/address";
import { find, select, showLegend } from "map/beside";
import { paint, palette, readColours } from "map/colours";
import { draw, makeLabels, paintAll, start } from "map/drawing";
import { counted, exactly } from "map/list";
import { MapPoints } from "map/points";
import { few, go, listenToKeys, listenToPointers, look, reset, tool } from "map/pointing";
import { part, root, stage, state, trouble, view, zoomOf } from "map/state";

function came(tile, problem) {
  if (problem) {
    trouble(problem);
    return;
  }
  paint(tile, palette());
  const first = state.points.here === tile.models;
  part(".loading").textContent = state.points.complete ? "" : `${exactly(state.points.here)} of ${counted(state.points.total)}`;
  stage.dataset.here = state.points.complete ? "all" : "some";
  draw();
  if (first) performance.mark("map-first");
  if (state.points.complete) performance.mark("map-all");
  if (state.area && state.points.complete) select(state.area);
}

function coloursChanged() {
  readColours();
  showLegend();
  paintAll();
}

function listen() {
  for (const link of root.querySelectorAll("[data-colour]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      state.colour = link.dataset.colour;
      writeAddress();
      showLegend();
      paintAll();
    });
  }
  const actions = {
    lasso: () => tool(stage.dataset.tool === "lasso" ? null : "lasso"),
    view: () => {
      const [left, top, right, bottom] = view();
      select([[left, top], [right, top], [right, bottom], [left, bottom]]);
    },
    in: () => go(state.x, state.y, zoomOf() + 1),
    out: () => go(state.x, state.y, zoomOf() - 1),
    reset,
  };
  for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);
  document.getElementById("map-search").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    find(document.getElementById("q").value);
  });
  new MutationObserver(coloursChanged).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", coloursChanged);
  new ResizeObserver(() => draw()).observe(stage);
  listenToPointers(select);
  listenToKeys();
}

/** Without WebGL: the picture that needs none. */
function still() {
  for (const each of document.querySelectorAll(".map-page [data-script]")) each.hidden = true;
  root.insertAdjacentHTML("beforeend", root.querySelector("noscript").textContent);
}

async function begin() {
  if (!document.createElement("canvas").getContext("webgl2")) return still();
  let index;
  try {
    const answer = await fetch(root.dataset.index);
    index = await answer.json();
    if (!answer.ok) throw new Error(`${index.detail} ${index.hint || ""}`);
  } catch (problem) {
    return trouble(problem);
  }
  state.points = new MapPoints(index, came);
  readAddress();
  readColours();
  makeLabels();
  start({
    moved: ({ target, zoom }) => {
      look(null);
      go(target[0], target[1], zoom);
    },
    trouble,
  });
  listen();
  showLegend();
  draw();
  state.points.load(view, few());
  if (state.q) find(state.q);
}

begin();
