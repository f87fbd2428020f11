// The colours of the points, from the tokens of the page.
import { made } from "map/list";
import { NO_NAME } from "map/points";
import { rowsOf, state } from "map/state";

const OWN_HUES = 9; // the most frequent have a colour of their own, the others share the last one
const RAMP = ["library", "architecture", "author", "dataset", "language"]; // of years, the oldest first

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
export const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

export function readColours() {
  const probe = made("span", { hidden: true });
  document.body.append(probe);
  const hues = [...Array(10).keys()].map((n) => {
    probe.className = `h${n}`;
    return rgb(getComputedStyle(probe).getPropertyValue("--h").trim());
  });
  probe.remove();
  state.colours = { hues, none: rgb(token("line-strong")), ground: rgb(token("surface")), ink: rgb(token("ink")), ramp: RAMP.map((name) => rgb(token(`k-${name}`))) };
}

/** The colour of each code of the field in use; a class beside it where there is one. */
export function colourOf(row, position, rows) {
  if (row.code === NO_NAME) return { colour: state.colours.none };
  if (state.colour === "year") {
    const along = rows.length > 1 ? (position / (rows.filter((each) => each.code !== NO_NAME).length - 1 || 1)) * (RAMP.length - 1) : RAMP.length - 1;
    const from = Math.min(Math.floor(along), RAMP.length - 2);
    const colour = state.colours.ramp[from].map((value, n) => value + (state.colours.ramp[from + 1][n] - value) * (along - from));
    return { colour };
  }
  const hue = state.colour === "cluster" ? row.code % 10 : Math.min(position, OWN_HUES);
  return { colour: state.colours.hues[hue], hue: `h${hue}` };
}

export function palette() {
  const found = new Uint8Array(256 * 3);
  for (let code = 0; code < 256; code += 1) found.set(state.colours.none, 3 * code);
  rowsOf(state.colour).forEach((row, position, rows) => found.set(colourOf(row, position, rows).colour.map(Math.round), 3 * row.code));
  return found;
}

export function paint(tile, from) {
  const { columns } = tile;
  const codes = columns[state.colour];
  const colour = new Uint8ClampedArray(4 * tile.models);
  for (let i = 0; i < tile.models; i += 1) {
    if (!state.points.shown(columns, i)) continue;
    colour[4 * i] = from[3 * codes[i]];
    colour[4 * i + 1] = from[3 * codes[i] + 1];
    colour[4 * i + 2] = from[3 * codes[i] + 2];
    colour[4 * i + 3] = 90 + 0.6 * columns.popularity[i];
  }
  tile.colour = { value: colour, size: 4 };
  tile.data = null;
}
