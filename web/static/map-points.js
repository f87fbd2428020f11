// The points of the map: the tiles that are here, what lies where, and what each is called. Knows nothing of the page.

/** The map is so many units wide and high; positions come as whole numbers from 0 to SPAN. */
export const WORLD = 1000;
const SPAN = 65535;
export const FIELDS = ["task", "library", "cluster", "year"];
export const NO_NAME = 255;
const BLOCK = 1024;
const AT_ONCE = 4;

export class MapPoints {
  /** index: what /api/v1/map says. changed(tile): called when a tile has come. */
  constructor(index, changed) {
    this.index = index;
    this.changed = changed;
    this.total = index.models;
    this.here = 0;
    /** Codes that are not shown, by field: 1 for those. */
    this.off = Object.fromEntries(FIELDS.map((field) => [field, new Uint8Array(256)]));
    this.tiles = index.tiles.map((tile, number) => {
      const size = WORLD / 2 ** tile.level;
      const left = tile.column * size;
      const top = tile.row * size;
      return { ...tile, number, box: [left, top, left + size, top + size], columns: null, asked: false, names: new Map() };
    });
    this.loading = 0;
  }

  get complete() {
    return this.here === this.total;
  }

  /** Has tiles loaded until all are here: first those in view, and of these the upper levels. box(): the view. */
  load(box, few = false) {
    while (this.loading < (this.here ? AT_ONCE : 1)) {
      const next = this.next(box(), few);
      if (!next) return;
      next.asked = true;
      this.loading += 1;
      fetch(this.index.points.replace("{tile}", next.number))
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(String(answer.status)))))
        .then((bytes) => {
          next.columns = unpacked(bytes);
          this.here += next.models;
          this.loading -= 1;
          this.changed(next);
          this.load(box, few);
        })
        .catch((problem) => {
          this.loading -= 1;
          this.changed(null, problem);
        });
    }
  }

  next(box, few) {
    const open = this.tiles.filter((tile) => !tile.asked);
    const seen = open.find((tile) => crosses(tile.box, box));
    return seen || (few ? undefined : open[0]);
  }

  shown(columns, i) {
    const { task, library, cluster, year } = this.off;
    return !(task[columns.task[i]] || library[columns.library[i]] || cluster[columns.cluster[i]] || year[columns.year[i]]);
  }

  /** The shown point nearest to a place and at most `reach` away: {tile, i}, or null. */
  nearest(x, y, reach) {
    let best = null;
    let least = reach * reach;
    for (const tile of this.tiles) {
      if (!tile.columns || !crosses(tile.box, [x - reach, y - reach, x + reach, y + reach])) continue;
      const { at } = tile.columns;
      for (let i = 0; i < tile.models; i += 1) {
        const dx = at[2 * i] - x;
        const dy = at[2 * i + 1] - y;
        const far = dx * dx + dy * dy;
        if (far < least && this.shown(tile.columns, i)) {
          least = far;
          best = { tile, i };
        }
      }
    }
    return best;
  }

  /** The shown points inside a polygon [[x, y], …]: how many, the most used of them, and how many have each code. */
  within(polygon, most) {
    const xs = polygon.map(([x]) => x);
    const ys = polygon.map(([, y]) => y);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const found = [];
    const counts = { task: new Uint32Array(256), library: new Uint32Array(256) };
    let complete = true;
    for (const tile of this.tiles) {
      if (!crosses(tile.box, box)) continue;
      if (!tile.columns) {
        complete = false;
        continue;
      }
      const { at, popularity, task, library } = tile.columns;
      for (let i = 0; i < tile.models; i += 1) {
        const x = at[2 * i];
        const y = at[2 * i + 1];
        if (x < box[0] || x > box[2] || y < box[1] || y > box[3] || !inside(polygon, x, y)) continue;
        if (!this.shown(tile.columns, i)) continue;
        found.push({ tile, i, popularity: popularity[i] });
        counts.task[task[i]] += 1;
        counts.library[library[i]] += 1;
      }
    }
    found.sort((a, b) => b.popularity - a.popularity);
    return { count: found.length, first: found.slice(0, most), counts, complete };
  }

  /** What a point stands for: {id, downloads, task, library, cluster, year}, the last four in words or undefined. */
  async name({ tile, i }) {
    const block = Math.floor(i / BLOCK);
    if (!tile.names.has(block)) {
      const address = this.index.names.replace("{tile}", tile.number).replace("{block}", block);
      const names = fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))));
      names.catch(() => tile.names.delete(block));
      tile.names.set(block, names);
    }
    const { ids, downloads } = await tile.names.get(block);
    const said = Object.fromEntries(FIELDS.map((field) => [field, this.word(field, tile.columns[field][i])]));
    return { id: ids[i % BLOCK], downloads: downloads[i % BLOCK], ...said };
  }

  word(field, code) {
    const row = this.index.legends[field].find((each) => each.code === code);
    return row && row.name;
  }

  place({ tile, i }) {
    return [tile.columns.at[2 * i], tile.columns.at[2 * i + 1]];
  }
}

/** The columns of a tile, as docs/map.md tells; x and y as pairs in units of the map. */
function unpacked(bytes) {
  const count = bytes.byteLength / 9;
  const places = new DataView(bytes);
  const at = new Float32Array(2 * count);
  for (let i = 0; i < count; i += 1) {
    at[2 * i] = (places.getUint16(2 * i, true) / SPAN) * WORLD;
    at[2 * i + 1] = (places.getUint16(2 * (count + i), true) / SPAN) * WORLD;
  }
  const codes = (n) => new Uint8Array(bytes, (4 + n) * count, count);
  return { at, task: codes(0), library: codes(1), cluster: codes(2), year: codes(3), popularity: codes(4) };
}

function crosses(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

function inside(polygon, x, y) {
  let odd = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}
