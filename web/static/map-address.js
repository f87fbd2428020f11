// The map's address, which holds everything that one sees.
import { FIELDS, WORLD } from "map/points";
import { clamp, FARTHEST, keyOf, middle, NEAREST, root, rowsOf, state } from "map/state";

export function readAddress() {
  const given = new URLSearchParams(location.search);
  const number = (name, otherwise) => (Number.isFinite(parseFloat(given.get(name))) ? parseFloat(given.get(name)) : otherwise);
  state.q = given.get("q") || "";
  const [x, y] = middle();
  state.x = clamp(number("x", x), 0, WORLD);
  state.y = clamp(number("y", y), 0, WORLD);
  state.z = given.has("z") ? clamp(number("z", 0), NEAREST, FARTHEST) : null;
  const area = (given.get("area") || "").split(";").map((pair) => pair.split(",").map(Number));
  state.area = area.length > 2 && area.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? area : null;
  for (const field of FIELDS) {
    const only = given.getAll(field);
    const without = given.getAll(`no-${field}`);
    if (!only.length && !without.length) continue;
    for (const row of rowsOf(field)) state.points.off[field][row.code] = (only.length ? !only.includes(keyOf(field, row)) : without.includes(keyOf(field, row))) ? 1 : 0;
  }
}

export function writeAddress() {
  const given = new URLSearchParams();
  if (state.colour !== "cluster") given.set("colour", state.colour);
  if (state.q) given.set("q", state.q);
  if (state.z !== null) {
    given.set("x", state.x.toFixed(3));
    given.set("y", state.y.toFixed(3));
    given.set("z", state.z.toFixed(2));
  }
  for (const field of FIELDS) {
    const rows = rowsOf(field);
    const off = rows.filter((row) => state.points.off[field][row.code]);
    const on = rows.filter((row) => !state.points.off[field][row.code]);
    const [name, those] = off.length <= on.length || !on.length ? [`no-${field}`, off] : [field, on];
    for (const row of those) given.append(name, keyOf(field, row));
  }
  if (state.area) given.set("area", state.area.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(";"));
  const query = given.toString().replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%2F/g, "/").replace(/%3A/g, ":");
  history.replaceState(null, "", location.pathname + (query ? `?${query}` : ""));
  for (const link of root.querySelectorAll("[data-colour]")) {
    const other = new URLSearchParams(given);
    if (link.dataset.colour === "cluster") other.delete("colour");
    else other.set("colour", link.dataset.colour);
    link.href = location.pathname + (other.toString() ? `?${other}` : "");
    if (link.dataset.colour === state.colour) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
