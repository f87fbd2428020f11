// The map: deck.gl draws the points; names, labels and marks are elements above them. What one sees has an address.
"use strict";

(() => {
  const root = document.getElementById("map");
  const stage = document.getElementById("stage");
  const part = (name) => stage.querySelector(name);
  const tip = part(".tip");
  const said = document.getElementById("map-said");
  const legend = document.getElementById("legend");
  const found = document.getElementById("found");
  const selected = document.getElementById("selected");
  const box = document.getElementById("q");
  const { Deck: Drawing, Layer, Model, OrthographicView, project32, ScatterplotLayer } = Deck;

  const NEAREST = -2;
  const FARTHEST = 9;
  const LISTED = 50;
  const REACH = 12; // pixels around the pointer in which a model counts as meant
  const TITLES = { cluster: "Clusters", task: "Tasks", library: "Libraries", year: "Years" };
  const OWN_HUES = 9; // the most frequent have a colour of their own, the others share the last one
  const RAMP = ["library", "architecture", "author", "dataset", "language"]; // of years, the oldest first

  let points = null;
  let drawing = null;
  let colours = null;
  let marks = [];
  let looked = null;
  let picked = null;
  let waiting = 0;
  // Without z the view is of all models.
  const state = { colour: root.dataset.colour, q: "", x: 0, y: 0, z: null, area: null };

  // A layer of points whose edges are soft, each one vertex: deck.gl's own draws a square a point, which browsers
  // without a graphics card need a minute for. Points that are not shown are put out of sight.
  const soft = { name: "soft", vs: "layout(std140) uniform softUniforms { float grown; } soft;", uniformTypes: { grown: "f32" } };
  class SoftPoints extends Layer {
    getShaders() {
      const vs = `#version 300 es
        in vec3 places; in vec3 places64Low; in float radii; in vec4 colours;
        out vec4 colour;
        void main(void) {
          geometry.worldPosition = places;
          gl_Position = project_position_to_clipspace(places, places64Low, vec3(0.0), geometry.position);
          if (colours.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
          gl_PointSize = (2.0 * soft.grown * radii + 0.3) * project.devicePixelRatio;
          colour = vec4(colours.rgb, colours.a * layer.opacity);
        }`;
      const fs = `#version 300 es
        precision highp float;
        in vec4 colour;
        out vec4 fragColor;
        void main(void) {
          vec2 at = 2.0 * gl_PointCoord - 1.0;
          float far = dot(at, at);
          if (far > 1.0) discard;
          fragColor = vec4(colour.rgb, colour.a * (1.0 - far * far));
        }`;
      return super.getShaders({ vs, fs, modules: [project32, soft] });
    }
    initializeState() {
      this.getAttributeManager().add({
        places: { size: 3, type: "float64", fp64: false, accessor: "getPosition" },
        radii: { size: 1, accessor: "getRadius" },
        colours: { size: 4, type: "unorm8", accessor: "getFillColor" },
      });
    }
    updateState(change) {
      super.updateState(change);
      if (!change.changeFlags.extensionsChanged) return;
      this.state.model?.destroy();
      this.state.model = new Model(this.context.device, { ...this.getShaders(), id: this.props.id, bufferLayout: this.getAttributeManager().getBufferLayouts(), topology: "point-list", isInstanced: false });
      this.getAttributeManager().invalidateAll();
    }
    draw() {
      const { model } = this.state;
      model.setVertexCount(this.props.data.length);
      model.shaderInputs.setProps({ soft: { grown: this.props.grown } });
      model.draw(this.context.renderPass);
    }
  }
  SoftPoints.layerName = "SoftPoints";
  SoftPoints.defaultProps = { grown: 1, getPosition: { type: "accessor", value: [0, 0, 0] }, getRadius: { type: "accessor", value: 1 }, getFillColor: { type: "accessor", value: [0, 0, 0, 255] } };

  // Addresses.

  function readAddress() {
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
      for (const row of rowsOf(field)) points.off[field][row.code] = (only.length ? !only.includes(keyOf(field, row)) : without.includes(keyOf(field, row))) ? 1 : 0;
    }
  }

  function writeAddress() {
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
      const off = rows.filter((row) => points.off[field][row.code]);
      const on = rows.filter((row) => !points.off[field][row.code]);
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

  const keyOf = (field, row) => (field === "cluster" ? String(row.code + 1) : row.name);

  /** The legend's rows; what has no name in it, or none at all, comes last. */
  function rowsOf(field) {
    const rows = points.index.legends[field];
    const rest = points.total - rows.reduce((sum, row) => sum + row.models, 0);
    const name = field === "year" ? "not told" : "none or rarer";
    return rest > 0 ? [...rows, { code: NO_NAME, name, models: rest }] : rows;
  }

  // Colours.

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

  function readColours() {
    const probe = made("span", { hidden: true });
    document.body.append(probe);
    const hues = [...Array(10).keys()].map((n) => {
      probe.className = `h${n}`;
      return rgb(getComputedStyle(probe).getPropertyValue("--h").trim());
    });
    probe.remove();
    colours = { hues, none: rgb(token("line-strong")), ground: rgb(token("surface")), ink: rgb(token("ink")), ramp: RAMP.map((name) => rgb(token(`k-${name}`))) };
  }

  /** The colour of each code of the field in use; a class beside it where there is one. */
  function colourOf(row, position, rows) {
    if (row.code === NO_NAME) return { colour: colours.none };
    if (state.colour === "year") {
      const along = rows.length > 1 ? (position / (rows.filter((each) => each.code !== NO_NAME).length - 1 || 1)) * (RAMP.length - 1) : RAMP.length - 1;
      const from = Math.min(Math.floor(along), RAMP.length - 2);
      const colour = colours.ramp[from].map((value, n) => value + (colours.ramp[from + 1][n] - value) * (along - from));
      return { colour };
    }
    const hue = state.colour === "cluster" ? row.code % 10 : Math.min(position, OWN_HUES);
    return { colour: colours.hues[hue], hue: `h${hue}` };
  }

  function palette() {
    const found = new Uint8Array(256 * 3);
    for (let code = 0; code < 256; code += 1) found.set(colours.none, 3 * code);
    rowsOf(state.colour).forEach((row, position, rows) => found.set(colourOf(row, position, rows).colour.map(Math.round), 3 * row.code));
    return found;
  }

  function paint(tile, from) {
    const { columns } = tile;
    const codes = columns[state.colour];
    const colour = new Uint8ClampedArray(4 * tile.models);
    for (let i = 0; i < tile.models; i += 1) {
      if (!points.shown(columns, i)) continue;
      colour[4 * i] = from[3 * codes[i]];
      colour[4 * i + 1] = from[3 * codes[i] + 1];
      colour[4 * i + 2] = from[3 * codes[i] + 2];
      colour[4 * i + 3] = 90 + 0.6 * columns.popularity[i];
    }
    tile.colour = { value: colour, size: 4 };
    tile.data = null;
  }

  function paintAll() {
    const from = palette();
    for (const tile of points.tiles) if (tile.columns) paint(tile, from);
    draw();
  }

  // Drawing.

  function dataOf(tile) {
    if (!tile.data) {
      tile.place = tile.place || { value: tile.columns.at, size: 2 };
      tile.radius = tile.radius || { value: Float32Array.from(tile.columns.popularity, (each) => 1 + 3.5 * (each / 255) ** 2), size: 1 };
      tile.data = { length: tile.models, attributes: { getPosition: tile.place, getRadius: tile.radius, getFillColor: tile.colour } };
    }
    return tile.data;
  }

  const zoomOf = () => (state.z === null ? whole() : state.z);
  /** Where nearly all models lie, in units of the map; its middle, and the zoom at which all of it is seen. */
  const most = () => points.index.box.map((each) => each * WORLD);
  const middle = () => [0, 1].map((n) => (most()[n] + most()[n + 2]) / 2);
  const whole = () => {
    const [left, top, right, bottom] = most();
    const room = (size, span) => Math.max(size - 48, 100) / Math.max(span, 1);
    return Math.log2(Math.min(room(stage.clientWidth, right - left), room(stage.clientHeight, bottom - top)));
  };
  /** Few points are drawn larger than many, near ones larger than far ones. */
  const grown = () => clamp(2 ** (0.45 * (zoomOf() - whole())) * (points.total < 20000 ? 2.2 : points.total < 200000 ? 1.3 : 0.85), 0.6, 7);

  function draw() {
    if (!drawing) return;
    const blending = { depthCompare: "always", depthWriteEnabled: false, blend: true, blendColorOperation: "add", blendAlphaOperation: "add", blendColorSrcFactor: "src-alpha", blendColorDstFactor: "one-minus-src-alpha", blendAlphaSrcFactor: "zero", blendAlphaDstFactor: "one" };
    const near = clamp((zoomOf() - whole()) / 4, 0, 1);
    const clear = points.total < 20000 ? 0.85 : 0.3 + 0.6 * near;
    const layers = points.tiles
      .filter((tile) => tile.columns)
      .reverse() // what is used most lies on top
      .map((tile) => new SoftPoints({ id: `tile-${tile.number}`, data: dataOf(tile), grown: grown(), opacity: (marks.length ? 0.35 : 1) * clear, parameters: blending }));
    if (marks.length) {
      layers.push(new ScatterplotLayer({ id: "found", data: marks, getPosition: (each) => [each.x * WORLD, each.y * WORLD], getFillColor: [...colours.ink, 255], getLineColor: [...colours.ground, 255], stroked: true, lineWidthUnits: "pixels", getLineWidth: 1.5, radiusUnits: "pixels", getRadius: 4.5, parameters: blending, updateTriggers: { getFillColor: colours.ink, getLineColor: colours.ground } }));
    }
    const viewState = { target: [state.x, state.y, 0], zoom: zoomOf(), minZoom: NEAREST, maxZoom: FARTHEST };
    drawing.setProps({ viewState, layers, views: viewOf() });
    place();
  }

  const viewOf = () => new OrthographicView({ id: "map", flipY: true, clear: true, clearColor: [...colours.ground, 255], controller: { keyboard: false, doubleClickZoom: true, inertia: false, scrollZoom: { speed: 0.012, smooth: false } } });

  const onScreen = (x, y) => {
    const scale = 2 ** zoomOf();
    return [stage.clientWidth / 2 + (x - state.x) * scale, stage.clientHeight / 2 + (y - state.y) * scale];
  };
  const onMap = (left, top) => {
    const scale = 2 ** zoomOf();
    return [state.x + (left - stage.clientWidth / 2) / scale, state.y + (top - stage.clientHeight / 2) / scale];
  };
  const view = () => [...onMap(0, 0), ...onMap(stage.clientWidth, stage.clientHeight)];

  /** Puts everything that is no point where it belongs. */
  function place() {
    const area = part(".area");
    area.setAttribute("points", (state.area || []).map(([x, y]) => onScreen(x, y).join(",")).join(" "));
    const rings = [looked && points.place(looked), picked && [picked.x * WORLD, picked.y * WORLD]].filter(Boolean);
    part(".rings").replaceChildren(
      ...rings.map((at) => {
        const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
        const [x, y] = onScreen(...at);
        for (const [name, value] of Object.entries({ cx: x, cy: y, r: 8 })) ring.setAttribute(name, value);
        return ring;
      }),
    );
    if (looked && !tip.hidden) {
      const [x, y] = onScreen(...points.place(looked));
      const left = clamp(x - tip.offsetWidth / 2, 6, Math.max(stage.clientWidth - tip.offsetWidth - 6, 6));
      const below = y - tip.offsetHeight - 14 < 6;
      tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 14 : y - tip.offsetHeight - 14)}px)`;
    }
    placeLabels();
  }

  function makeLabels() {
    const rows = points.index.legends.cluster.filter((row) => row.facts.length).sort((a, b) => b.models - a.models);
    const labels = rows.map((row) => {
      const label = made("span", {}, row.facts.slice(0, 2).map(([, key]) => plainly(key)).join(" · "));
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
      const free = fits && !points.off.cluster[label.code] && taken.every(([left, top, width]) => Math.abs(x - left) > half + width || Math.abs(y - top) > 2 * high);
      label.classList.toggle("away", !free);
      if (!free) continue;
      taken.push([x, y, half]);
      label.style.transform = `translate(${Math.round(x - label.wide / 2)}px, ${Math.round(y - 11)}px)`;
    }
  }

  /** After a move: the address a little later, so that browsers do not refuse too many. */
  function moved() {
    draw();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      writeAddress();
      points.load(view, few());
    }, 250);
  }

  function go(x, y, z) {
    state.x = clamp(x, 0, WORLD);
    state.y = clamp(y, 0, WORLD);
    state.z = clamp(z, NEAREST, FARTHEST);
    moved();
  }

  // What lies under the pointer or the cross.

  async function look(point, aloud = false) {
    const same = point && looked && point.tile === looked.tile && point.i === looked.i;
    if (same && !aloud) return;
    looked = point;
    if (!point) {
      tip.hidden = true;
      place();
      return;
    }
    place();
    let model;
    try {
      model = await points.name(point);
    } catch (problem) {
      trouble(problem);
      return;
    }
    if (looked !== point) return;
    const facts = [model.task, model.library, model.year, model.downloads == null ? "" : `${briefly(model.downloads)} downloads`].filter(Boolean);
    tip.replaceChildren(made("a", { href: modelAddress(model.id), tabIndex: -1 }, modelName(model.id)), made("span", { className: "small" }, facts.map(plainly).join(" · ")));
    tip.hidden = false;
    place();
    if (aloud) said.textContent = `${plainly(model.id)}. ${facts.map(plainly).join(", ")}`;
  }

  const under = (event) => {
    const frame = stage.getBoundingClientRect();
    const at = onMap(event.clientX - frame.left, event.clientY - frame.top);
    return points.nearest(...at, (event.pointerType === "touch" ? 2 : 1) * REACH / 2 ** zoomOf());
  };

  async function open(point) {
    location.assign(modelAddress((await points.name(point)).id));
  }

  function listenToPointers() {
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

  function listenToKeys() {
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
      if (event.key === "Enter" && looked) open(looked);
      else if (event.key === "Escape") {
        tool(null);
        look(null);
      } else if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
        look(points.nearest(state.x, state.y, 40 / 2 ** zoomOf()), true);
      }
    });
  }

  function reset() {
    [state.x, state.y] = middle();
    state.z = null;
    moved();
  }

  // Tools, search, selection.

  function tool(name) {
    if (name) stage.dataset.tool = name;
    else delete stage.dataset.tool;
    root.querySelector("[data-do=lasso]").setAttribute("aria-pressed", String(name === "lasso"));
    if (name === "lasso") said.textContent = "Draw around models with the pointer.";
  }

  async function select(area) {
    state.area = area;
    writeAddress();
    place();
    const { count, first, counts, complete } = points.within(area, LISTED);
    let models;
    try {
      models = await Promise.all(first.map(async (point) => ({ ...(await points.name(point)), point })));
    } catch (problem) {
      trouble(problem);
      return;
    }
    models.sort((a, b) => (b.downloads || 0) - (a.downloads || 0));
    const most = (field) => points.word(field, counts[field].subarray(0, NO_NAME).reduce((best, each, code, all) => (each > all[best] ? code : best), 0));
    const searches = count ? [["task", most("task")], ["library", most("library")]].filter(([, name]) => name).map(([field, name]) => ({ name: plainly(name), address: `${root.dataset.search}?${field}=${encodeURIComponent(name)}` })) : [];
    drawSelected(selected, { count, complete, models, searches }, {
      point: (model) => pick(model && { x: points.place(model.point)[0] / WORLD, y: points.place(model.point)[1] / WORLD }),
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
    picked = model;
    place();
  }

  async function find(text) {
    state.q = text.trim();
    box.value = state.q;
    marks = [];
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
    marks = body.models;
    drawFound(found, body, { listed: LISTED, search: root.dataset.search, point: pick, clear: () => find("") });
    said.textContent = `${counted(marks.length)} marked.`;
    draw();
  }

  function trouble(problem) {
    const told = document.getElementById("map-trouble");
    const stale = problem.message === "404" ? "The map has been drawn anew." : problem.message === "Failed to fetch" ? "The server does not answer." : problem.message;
    told.replaceChildren(plainly(stale), " ", made("a", { href: location.href }, "Load the page again"));
    told.hidden = false;
  }

  function showLegend() {
    const rows = rowsOf(state.colour).map((row, position, all) => {
      const { colour, hue } = colourOf(row, position, all);
      return { ...row, hue, colour: hue ? "" : css(colour) };
    });
    const others = FIELDS.filter((field) => field !== state.colour && points.off[field].some(Boolean)).map((field) => {
      const all = rowsOf(field);
      const on = all.filter((row) => !points.off[field][row.code]);
      return { name: `${TITLES[field]}: ${on.length} of ${all.length}`, clear: () => (points.off[field].fill(0), switched(), showLegend()) };
    });
    drawLegend(legend, { title: TITLES[state.colour], rows, off: points.off[state.colour], others, changed: switched });
  }

  function switched() {
    writeAddress();
    look(null);
    paintAll();
    if (state.area) select(state.area);
  }

  // Beginning.

  const few = () => Boolean(navigator.connection && (navigator.connection.saveData || /2g/.test(navigator.connection.effectiveType)));

  function came(tile, problem) {
    if (problem) {
      trouble(problem);
      return;
    }
    paint(tile, palette());
    const first = points.here === tile.models;
    part(".loading").textContent = points.complete ? "" : `${exactly(points.here)} of ${counted(points.total)}`;
    stage.dataset.here = points.complete ? "all" : "some";
    draw();
    if (first) performance.mark("map-first");
    if (points.complete) performance.mark("map-all");
    if (state.area && points.complete) select(state.area);
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
      find(box.value);
    });
    new MutationObserver(coloursChanged).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", coloursChanged);
    new ResizeObserver(() => draw()).observe(stage);
    listenToPointers();
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
    points = new MapPoints(index, came);
    readAddress();
    readColours();
    makeLabels();
    drawing = new Drawing({
      parent: part(".canvas"),
      views: viewOf(),
      viewState: { target: [state.x, state.y, 0], zoom: zoomOf() },
      layers: [],
      useDevicePixels: Math.min(devicePixelRatio, 2),
      getCursor: ({ isDragging }) => (stage.dataset.tool ? "crosshair" : isDragging ? "grabbing" : "default"),
      onViewStateChange: ({ viewState }) => {
        look(null);
        go(viewState.target[0], viewState.target[1], viewState.zoom);
      },
      onLoad: () => (part("canvas").tabIndex = -1), // the stage around it has the keys
      onError: trouble,
    });
    listen();
    showLegend();
    draw();
    points.load(view, few());
    if (state.q) find(state.q);
  }

  begin();
})();
