// Loss surfaces side by side. Python sends the grids once; the browser mixes them while a weight is
// dragged, and sends back only what is let go of.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const [{ View, theme }, { element, unpacked }, { WeightSlider }, { listen: hear }] = await Promise.all(
  ["chart.js", "table.js", "weights.js", "line.js"].map((name) => import(beside(name))),
);

const shared = (window.lossvizGrids ??= { latest: new Map(), listeners: new Map() });

// The grids of an explorer's panels. They may come before or after the explorer itself.
export function publish(id, version, grids) {
  if (shared.latest.get(id)?.version === version) return;
  shared.latest.set(id, { version, grids: grids.map(received) });
  shared.listeners.get(id)?.();
}

function received({ x, y, grids, mix, tracks }) {
  const [across, up, all] = [x, y, grids].map(unpacked);
  const size = across.length * up.length;
  const parts = Array.from({ length: all.length / size }, (_, k) => all.subarray(k * size, (k + 1) * size));
  const at = (list, place) => Float32Array.from({ length: size }, (_, i) => list[place(i)]);
  const places = [at(across, (i) => i % across.length), at(up, (i) => Math.floor(i / across.length))];
  return { x: across, y: up, size, width: across.length, parts, mix, tracks, columns: [...places, ...parts] };
}

// LinearMix.of and TemperedMix.of of lossviz/surface.py.
function mixed({ size, parts, mix }, weights) {
  const { factors, constant } = mix.terms ? linear(mix, weights) : tempered(mix, weights);
  const loss = new Float64Array(size).fill(constant);
  parts.forEach((part, k) => {
    const factor = factors[k];
    for (let i = 0; i < size; i++) loss[i] += factor * part[i];
  });
  return loss;
}

function linear({ terms }, weights) {
  return { factors: terms.map(([k, factor]) => factor * (k === null ? 1 : weights[k])), constant: 0 };
}

function tempered({ wrong, temperature, counts, groups, shares }, weights) {
  const logits = wrong.map((row) => -row.reduce((sum, own, k) => sum + own * weights[k], 0) / temperature);
  const whole = shares.map((_, group) => {
    const own = [...logits.keys()].filter((m) => groups[m] === group && counts[m] > 0);
    const most = Math.max(...own.map((m) => logits[m]));
    return most + Math.log(own.reduce((sum, m) => sum + counts[m] * Math.exp(logits[m] - most), 0));
  });
  // A grid that stands for no label is 0 everywhere; its share of the target might be infinite.
  const logs = logits.map((own, m) => (counts[m] > 0 ? own - whole[groups[m]] : -Infinity));
  const factors = logs.map(Math.exp);
  const constant = factors.reduce((sum, q, m) => sum + (q > 0 ? shares[groups[m]] * counts[m] * q * logs[m] : 0), 0);
  return { factors, constant };
}

// Heights of lossviz/figures/heights.py: the scale only steps while a weight is dragged.
const ENDS = [1, 1.5, 2, 3, 4, 5, 6, 8];
const TICKS = [ENDS, [1, 2, 5], [1]];
const NOTHING = 1e-300; // Below it numbers lose their digits, and none is round.
const MOST_TICKS = 8, LEVELS = 20, DEEPEST = 1e4;

function roundUp(value) {
  if (!(value > NOTHING)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ENDS.find((step) => value <= step * unit) ?? 10) * unit;
}

function roundDown(value) {
  if (!(value > 0)) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ENDS.findLast((step) => step * unit <= value) ?? 1) * unit;
}

class Heights {
  constructor(scale, losses) {
    let most = -Infinity, least = Infinity;
    for (const loss of losses) {
      for (const own of loss) {
        if (!Number.isFinite(own)) continue;
        if (own > most) most = own;
        if (own > 0 && own < least) least = own;
      }
    }
    this.log = scale === "log";
    this.top = roundUp(most);
    this.bottom = Math.min(Math.max(roundDown(least === Infinity ? 0 : least), this.top / DEEPEST), this.top / 2);
    this.ends = this.log ? [Math.log10(this.bottom), Math.log10(this.top)] : [0, this.top];
  }

  // A loss that is not finite is a hole.
  of(loss) {
    if (!Number.isFinite(loss)) return NaN;
    return this.log ? Math.log10(Math.max(loss, this.bottom)) : loss;
  }

  levels() {
    const [low, high] = this.ends, size = (high - low) / LEVELS;
    return { start: low + size, end: high, size };
  }

  ticks() {
    if (!this.log) return {};
    const few = (steps) => {
      const values = this.between(steps);
      return values.length > 1 && values.length <= MOST_TICKS;
    };
    const values = this.between(TICKS.find(few) ?? TICKS.at(-1));
    return { tickvals: values.map(Math.log10), ticktext: values.map(String) };
  }

  between(steps) {
    const first = Math.floor(Math.log10(this.bottom)), last = Math.ceil(Math.log10(this.top));
    const powers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
    const every = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
    const slack = 1 + 1e-9;
    return every.filter((own) => this.bottom / slack <= own && own <= this.top * slack);
  }

  // In place, in a chart.
  put({ data: [surface], layout }) {
    const [low, high] = this.ends;
    if (surface.type === "surface") {
      Object.assign(surface, { cmin: low, cmax: high });
      Object.assign(layout.scene.zaxis, { range: [low - (high - low) / 50, high] }, this.ticks());
      Object.assign(surface.contours.z, this.levels());
    } else {
      Object.assign(surface, { zmin: low, zmax: high });
      Object.assign(surface.colorbar, this.ticks());
      Object.assign(surface.contours, this.levels());
    }
  }
}

// interpolated of lossviz/figures/tracks.py: where a point lies in the grid, once for all mixes.
function cornersOf({ x, y, width }, across, up) {
  const cell = (line, at) => {
    const place = Math.min(Math.max(at, line[0]), line.at(-1));
    let k = 0;
    while (k < line.length - 2 && line[k + 1] <= place) k++;
    return [k, (place - line[k]) / (line[k + 1] - line[k])];
  };
  const [j, right] = cell(x, across), [i, upper] = cell(y, up), at = i * width + j;
  return [[at, (1 - upper) * (1 - right)], [at + 1, (1 - upper) * right],
    [at + width, upper * (1 - right)], [at + width + 1, upper * right]];
}

function interpolated(loss, corners) {
  let total = 0, shares = 0;
  for (const [place, share] of corners) {
    if (!share || !Number.isFinite(loss[place])) continue;
    total += share * loss[place];
    shares += share;
  }
  return shares > 0 ? total / shares : NaN;
}

// How far above a solid the ground of its tracks is drawn, and they above that; of the height.
const LIFT = 1 / 120;
const NARROW = 480, NARROWER = 400;

function number(value) {
  if (!Number.isFinite(value)) return "not finite";
  return Math.abs(value) < 1e-4 ? "0" : String(Number(value.toPrecision(3)));
}
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

let solid;
function webgl() {
  if (solid === undefined) {
    const context = document.createElement("canvas").getContext("webgl");
    solid = Boolean(context);
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return solid;
}

class Panel extends View {
  constructor(height, turned) {
    super(element("div", { className: "lv-chart" }));
    this.root.style.height = `${height}px`;
    this.turned = turned;
    // A wheel over a surface scrolls the page. Plotly draws twice the pixels of each side unasked,
    // four times the work where a screen does not show them.
    this.config = { scrollZoom: false, plotGlPixelRatio: Math.min(window.devicePixelRatio || 1, 2) };
  }

  setup(chart, grids) {
    this.chart = chart;
    this.grids = grids;
    this.scaled = null;
    const [surface, ...tracks] = chart.data;
    Object.assign(surface, { x: grids.x, y: grids.y });
    const place = ({ x, y }) => cornersOf(grids, x, y);
    this.tracks = tracks.map((trace) => {
      const [x, y] = [trace.x, trace.y].map(unpacked);
      return { trace, points: Array.from(x, (own, k) => place({ x: own, y: y[k] })) };
    });
    this.ends = grids.tracks.map(place);
    this.marks = (chart.layout.scene?.annotations ?? []).map((mark) => ({ mark, point: place(mark) }));
    // On a narrow panel the names at the corners need the room.
    const width = this.root.clientWidth, eye = width < NARROW && chart.layout.scene?.camera.eye;
    for (const axis in eye || {}) eye[axis] *= width < NARROWER ? 1.42 : 1.3;
    this.title.textContent = this.title.title = chart.title;
    this.table.setAttribute("aria-label", `Table: ${chart.title}`);
  }

  // True where that was drawn already: all panels in one frame, and nothing waits in a queue.
  fill(loss, heights) {
    const { width, size, columns } = this.grids;
    const { data: [trace] } = this.chart;
    const rows = (own) => Array.from({ length: size / width }, (_, i) => own.subarray(i * width, (i + 1) * width));
    trace.z = rows(heights.log || !loss.every(Number.isFinite) ? loss.map((own) => heights.of(own)) : loss);
    // What a point says, as lists: of anything else Plotly says nothing.
    const table = (length, other, at) => Array.from({ length }, (_, i) => Array.from({ length: other }, (_, j) => at(i, j)));
    if (heights.log) {
      trace.customdata = trace.type === "surface"
        ? table(width, size / width, (i, j) => loss[j * width + i])
        : table(size / width, width, (i, j) => loss[i * width + j]);
    }
    this.lay(loss, heights);
    this.chart.values = [...columns, loss];
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", `${this.chart.title}. ${this.said(loss)}`);
    const scaled = String(heights.ends);
    const steps = this.scaled !== scaled;
    this.scaled = scaled;
    if (steps) heights.put(this.chart);
    if (!this.drawn || !this.visible || !this.table.hidden) {
      this.draw();
      return false;
    }
    if (steps || !this.refill()) this.react();
    return true;
  }

  // What lies on the surface, at its height: names, marks and tracks, whose points know their loss.
  lay(loss, heights) {
    const [low, high] = heights.ends;
    for (const { mark, point } of this.marks) {
      const height = heights.of(interpolated(loss, point));
      mark.z = Number.isNaN(height) ? high : height;
    }
    for (const { trace, points } of this.tracks) {
      const losses = points.map((own) => interpolated(loss, own));
      if (trace.type === "scatter3d") {
        const lift = (trace.hoverinfo === "skip" ? 1 : 2) * LIFT * (high - low);
        trace.z = Float64Array.from(losses, (own) => heights.of(own) + lift);
      }
      if (trace.hoverinfo !== "skip") trace.customdata.forEach((own, k) => (own[1] = number(losses[k])));
    }
  }

  said(loss) {
    let low = -1, high = -1;
    for (let i = 0; i < loss.length; i++) {
      if (!Number.isFinite(loss[i])) continue;
      if (low < 0 || loss[i] < loss[low]) low = i;
      if (high < 0 || loss[i] > loss[high]) high = i;
    }
    if (low < 0) return "The loss is finite nowhere.";
    const { columns: [x, y], tracks } = this.grids, [across, up] = this.chart.columns;
    const ends = tracks.map(({ name, step, moved }, k) => ` Run ${name} is at loss ${number(interpolated(loss, this.ends[k]))}`
      + ` after step ${step.toLocaleString("en")}${moved ? `; weights were moved ${moved}×` : ""}.`);
    return `The loss goes from ${number(loss[low])} to ${number(loss[high])}; it is smallest `
      + `at ${number(x[low])} of “${across}” and ${number(y[low])} of “${up}”.${ends.join("")}`;
  }

  // In software rendering, on a page with nothing else, 51 × 51 points at 680 × 330 pixels: react and
  // restyle 5 redraws a second, as Plotly fills in 16 points for each; without that 17; so 38. But
  // this knows where Plotly keeps its scene; where it is not there, react goes on.
  refill() {
    const scene = this.scene();
    if (!scene?.glplot?.update) return false;
    const solids = Object.values(scene.traces ?? {});
    if (solids.length !== this.chart.data.length || !solids.every((own) => own.update && own.data)) return false;
    for (const own of solids) {
      const { z, customdata } = this.chart.data[own.data.index];
      own.data.z = this.plot.data[own.data.index].z = z;
      if (customdata) own.data.customdata = customdata;
      own.update(own.data);
    }
    this.marks.forEach(({ mark: { z } }, k) => (scene.fullSceneLayout.annotations[k].z = z));
    scene.glplot.update({});
    return true;
  }

  scene() {
    return this.plot._fullLayout?.scene?._scene;
  }

  react() {
    const first = !this.drawn;
    super.react();
    if (!this.drawn) return;
    if (this.refined()) this.refill();
    if (!first) return;
    const listen = (event) => !this.following && event?.["scene.camera"] && this.turned(this, event["scene.camera"]);
    this.plot.on("plotly_relayouting", listen);
    this.plot.on("plotly_relayout", listen);
  }

  // Whether Plotly filled in points; from now on it does not.
  refined() {
    const own = Object.values(this.scene()?.traces ?? {}).find(({ data }) => data?.type === "surface");
    if (!own?.refineData) return false;
    Object.assign(own, { refineData: false, dataScaleX: 1, dataScaleY: 1 });
    return true;
  }

  look(camera) {
    if (this.chart.layout.scene) this.chart.layout.scene.camera = camera;
  }

  // What Plotly says about a turn that was not made here is not passed on.
  async follow(camera) {
    if (!this.drawn || !this.visible || !this.chart.layout.scene) return;
    this.following = (this.following ?? 0) + 1;
    await this.plotly.relayout(this.plot, { "scene.camera": camera });
    this.following -= 1;
  }

  // Browsers allow about 16 WebGL contexts, and collect those given up late.
  end() {
    const canvas = this.plot.querySelector("canvas");
    super.end();
    canvas?.getContext("webgl")?.getExtension("WEBGL_lose_context")?.loseContext();
    this.root.remove();
  }
}

class Explorer {
  constructor(root) {
    this.root = root;
    this.panels = [];
    this.sliders = [];
    this.controls = element("div", { className: "lv-sliders" });
    this.note = element("p", { className: "lv-note", hidden: true });
    this.grid = element("div", { className: "lv-panels" });
    this.note.textContent = "This browser cannot draw in 3D (WebGL is off), so the surfaces are shown from above.";
    root.replaceChildren(this.controls, this.note, this.grid);
    root.dataset.redraws = 0;
  }

  // What Python says. It may not know yet what was let go of last; then, and while a slider is
  // held, it does not move the sliders. Nor does it by repeating itself.
  tell(told) {
    const before = this.told;
    this.told = told;
    const fresh = !before || before.weights.length !== told.weights.length;
    if (fresh) this.serial = told.seen;
    const news = !same(told.weights, before?.weights);
    if (fresh || (news && told.seen >= this.serial && !this.sliders.some(({ held }) => held))) {
      this.weights = [...told.weights];
      this.committed = String(this.weights);
    }
    this.root.dataset.surfaces = told.id;
    if (!same(told.sliders, before?.sliders)) {
      this.sliders.forEach((slider) => slider.end());
      const acts = { onMove: (k, value) => this.weigh(k, value), onRelease: () => this.commit() };
      this.sliders = told.sliders.map((slider) => new WeightSlider(slider, told, acts));
      this.controls.replaceChildren(...this.sliders.map(({ root }) => root));
    }
    this.sliders.forEach((slider) => slider.show(this.weights[slider.position]));
    const flat = told.flat.length > 0 && !webgl();
    this.note.hidden = !flat;
    this.charts = flat ? told.flat : told.charts;
    this.place();
    this.arrange();
  }

  // Panels stand there before there is anything to draw, so that nothing jumps.
  place() {
    const kinds = this.charts.map(({ data: [{ type }] }) => type);
    if (!same(kinds, this.kinds)) {
      this.panels.forEach((own) => own.end());
      this.panels = kinds.map(() => new Panel(this.told.height, (from, camera) => this.turn(from, camera)));
      this.grid.replaceChildren(...this.panels.map(({ root }) => root));
      this.arranged = null;
    }
    this.kinds = kinds;
    this.panels.forEach(({ root, title }, k) => {
      root.style.height = `${this.told.height}px`;
      title.textContent = this.charts[k].title;
    });
  }

  // The panels of what was said last, once its grids are here as well.
  arrange() {
    const ready = shared.latest.get(this.told.id);
    if (ready?.version !== this.told.version) return;
    const arranged = JSON.stringify([this.charts, ready.version, theme(this.root)]);
    if (arranged !== this.arranged) {
      this.panels.forEach((own, k) => {
        own.setup(structuredClone(this.charts[k]), ready.grids[k]);
        if (this.camera) own.look(this.camera);
      });
    } else if (String(this.weights) === this.shown) return;
    this.arranged = arranged;
    this.mix();
  }

  weigh(position, value) {
    this.weights[position] = value;
    if (this.arranged) this.mix();
  }

  mix() {
    this.shown = String(this.weights);
    const losses = this.panels.map(({ grids }) => mixed(grids, this.weights));
    const heights = new Heights(this.told.heights, losses);
    const drawn = this.panels.map((own, k) => own.fill(losses[k], heights));
    if (drawn.some(Boolean)) this.root.dataset.redraws = Number(this.root.dataset.redraws) + 1;
  }

  commit() {
    const weights = String(this.weights);
    if (weights === this.committed) return;
    this.committed = weights;
    this.serial += 1;
    this.send("released", { serial: this.serial, weights: [...this.weights] });
  }

  // Turning one turns the others, once a frame.
  turn(from, camera) {
    this.camera = camera;
    this.panels.forEach((own) => own.look(camera));
    this.turning ??= requestAnimationFrame(() => {
      this.turning = null;
      this.panels.forEach((own) => own !== from && own.follow(this.camera));
    });
  }

  end() {
    this.sliders.forEach((slider) => slider.end());
    cancelAnimationFrame(this.turning);
    this.panels.forEach((own) => own.end());
    this.panels = [];
    this.arranged = null;
  }
}

const explorers = new WeakMap();

// Called once when the explorer is mounted, and again whenever its data or the theme change.
export default function surfaces({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".lv-surfaces");
  const own = explorers.get(root) ?? new Explorer(root);
  explorers.set(root, own);
  own.send = setStateValue;
  const told = JSON.parse(new TextDecoder().decode(data));
  const listen = () => own.arrange();
  own.silence?.();
  shared.listeners.set(told.id, listen);
  own.tell(told);
  // While the runs are trained their surfaces come over the line.
  const quiet = told.follows && hear(told.follows, ({ grids, ...news }) => {
    own.tell(news);
    publish(news.id, news.version, grids);
  });
  own.silence = () => {
    quiet?.();
    if (shared.listeners.get(told.id) === listen) shared.listeners.delete(told.id);
  };
  // Streamlit also ends a call that a newer one overtook while it was loading; then all goes on.
  return () => setTimeout(() => {
    if (root.isConnected) return;
    own.silence();
    own.end();
    explorers.delete(root);
  });
}
