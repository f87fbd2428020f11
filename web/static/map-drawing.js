// What is drawn: the points by deck.gl, and names, labels and marks as elements above them.
import { paint, palette } from "map/colours";
import { SoftPoints } from "map/layer";
import { made, plainly } from "map/list";
import { WORLD } from "map/points";
import { clamp, FARTHEST, NEAREST, onScreen, part, stage, state, tip, whole, zoomOf } from "map/state";

const { Deck: Drawing, OrthographicView, ScatterplotLayer } = globalThis.Deck;

let drawing = null;

/** Begins to draw. `events`: moved(viewState), trouble(problem). */
export function start({ moved, trouble }) {
  drawing = new Drawing({
    parent: part(".canvas"),
    views: viewOf(),
    viewState: { target: [state.x, state.y, 0], zoom: zoomOf() },
    layers: [],
    useDevicePixels: Math.min(devicePixelRatio, 2),
    getCursor: ({ isDragging }) => (stage.dataset.tool ? "crosshair" : isDragging ? "grabbing" : "default"),
    onViewStateChange: ({ viewState }) => moved(viewState),
    onLoad: () => (part("canvas").tabIndex = -1), // the stage around it has the keys
    onError: trouble,
  });
}

export function paintAll() {
  const from = palette();
  for (const tile of state.points.tiles) if (tile.columns) paint(tile, from);
  draw();
}

function dataOf(tile) {
  if (!tile.data) {
    tile.place = tile.place || { value: tile.columns.at, size: 2 };
    tile.radius = tile.radius || { value: Float32Array.from(tile.columns.popularity, (each) => 1 + 3.5 * (each / 255) ** 2), size: 1 };
    tile.data = { length: tile.models, attributes: { getPosition: tile.place, getRadius: tile.radius, getFillColor: tile.colour } };
  }
  return tile.data;
}

/** Few points are drawn larger than many, near ones larger than far ones. */
const grown = () => clamp(2 ** (0.45 * (zoomOf() - whole())) * (state.points.total < 20000 ? 2.2 : state.points.total < 200000 ? 1.3 : 0.85), 0.6, 7);

export function draw() {
  if (!drawing) return;
  const blending = { depthCompare: "always", depthWriteEnabled: false, blend: true, blendColorOperation: "add", blendAlphaOperation: "add", blendColorSrcFactor: "src-alpha", blendColorDstFactor: "one-minus-src-alpha", blendAlphaSrcFactor: "zero", blendAlphaDstFactor: "one" };
  const near = clamp((zoomOf() - whole()) / 4, 0, 1);
  const clear = state.points.total < 20000 ? 0.85 : 0.3 + 0.6 * near;
  const layers = state.points.tiles
    .filter((tile) => tile.columns)
    .reverse() // what is used most lies on top
    .map((tile) => new SoftPoints({ id: `tile-${tile.number}`, data: dataOf(tile), grown: grown(), opacity: (state.marks.length ? 0.35 : 1) * clear, parameters: blending }));
  if (state.marks.length) {
    layers.push(new ScatterplotLayer({ id: "found", data: state.marks, getPosition: (each) => [each.x * WORLD, each.y * WORLD], getFillColor: [...state.colours.ink, 255], getLineColor: [...state.colours.ground, 255], stroked: true, lineWidthUnits: "pixels", getLineWidth: 1.5, radiusUnits: "pixels", getRadius: 4.5, parameters: blending, updateTriggers: { getFillColor: state.colours.ink, getLineColor: state.colours.ground } }));
  }
  const viewState = { target: [state.x, state.y, 0], zoom: zoomOf(), minZoom: NEAREST, maxZoom: FARTHEST };
  drawing.setProps({ viewState, layers, views: viewOf() });
  place();
}

const viewOf = () => new OrthographicView({ id: "map", flipY: true, clear: true, clearColor: [...state.colours.ground, 255], controller: { keyboard: false, doubleClickZoom: true, inertia: false, scrollZoom: { speed: 0.012, smooth: false } } });

/** Puts everything that is no point where it belongs. */
export function place() {
  const area = part(".area");
  area.setAttribute("points", (state.area || []).map(([x, y]) => onScreen(x, y).join(",")).join(" "));
  const rings = [state.looked && state.points.place(state.looked), state.picked && [state.picked.x * WORLD, state.picked.y * WORLD]].filter(Boolean);
  part(".rings").replaceChildren(
    ...rings.map((at) => {
      const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      const [x, y] = onScreen(...at);
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: 8 })) ring.setAttribute(name, value);
      return ring;
    }),
  );
  if (state.looked && !tip.hidden) {
    const [x, y] = onScreen(...state.points.place(state.looked));
    const left = clamp(x - tip.offsetWidth / 2, 6, Math.max(stage.clientWidth - tip.offsetWidth - 6, 6));
    const below = y - tip.offsetHeight - 14 < 6;
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 14 : y - tip.offsetHeight - 14)}px)`;
  }
  placeLabels();
}

export function makeLabels() {
  const rows = [...state.points.index.legends.cluster].sort((a, b) => b.models - a.models);
  const labels = rows.map((row) => {
    const label = made("span", {}, row.facts.slice(0, 2).map(([, key]) => plainly(key)).join(" · ") || row.name);
    return Object.assign(label, { at: [row.x * WORLD, row.y * WORLD], code: row.code });
  });
  part(".labels").replaceChildren(...labels);
}

/** The largest clusters first; a label that would lie on another waits for a nearer view. */
function placeLabels() {
  const taken = [];
  for (const label of part(".labels").children) {
    const [x, y] = onScreen(...label.at);
    label.wide = label.wide || label.offsetWidth;
    const [half, high] = [label.wide / 2 + 6, 17];
    const fits = x > half && x < stage.clientWidth - half && y > high && y < stage.clientHeight - high;
    const free = fits && !state.points.off.cluster[label.code] && taken.every(([left, top, width]) => Math.abs(x - left) > half + width || Math.abs(y - top) > 2 * high);
    label.classList.toggle("away", !free);
    if (!free) continue;
    taken.push([x, y, half]);
    label.style.transform = `translate(${Math.round(x - label.wide / 2)}px, ${Math.round(y - 11)}px)`;
  }
}
