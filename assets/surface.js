// Loss surfaces side by side. Python sends the grids once; the browser mixes them while a weight is
// dragged, and sends back only what is let go of.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const [{ View, theme }, { element, unpacked }] = await Promise.all([import(beside("chart.js")), import(beside("table.js"))]);

const shared = (window.lossvizGrids ??= { latest: new Map(), listeners: new Map() });

// The grids of an explorer's panels. They may come before or after the explorer itself.
export function publish(id, version, grids) {
  if (shared.latest.get(id)?.version === version) return;
  shared.latest.set(id, { version, grids: grids.map(received) });
  shared.listeners.get(id)?.();
}

function received({ x, y, grids, mix }) {
  const [across, up, all] = [x, y, grids].map(unpacked);
  const size = across.length * up.length;
  const parts = Array.from({ length: all.length / size }, (_, k) => all.subarray(k * size, (k + 1) * size));
  const at = (list, place) => Float32Array.from({ length: size }, (_, i) => list[place(i)]);
  const places = [at(across, (i) => i % across.length), at(up, (i) => Math.floor(i / across.length))];
  return { x: across, y: up, size, width: across.length, parts, mix, columns: [...places, ...parts] };
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

function tempered({ wrong, temperature }, weights) {
  const logits = wrong.map((row) => -row.reduce((sum, own, k) => sum + own * weights[k], 0) / temperature);
  const most = Math.max(...logits);
  const whole = most + Math.log(logits.reduce((sum, own) => sum + Math.exp(own - most), 0));
  const factors = logits.map((own) => Math.exp(own - whole));
  const constant = factors.reduce((sum, q, k) => sum + (q > 0 ? q * (logits[k] - whole) : 0), 0);
  return { factors, constant };
}

// surface_top of lossviz/figures/surface.py: the scale only steps while a weight is dragged.
function roundUp(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8].find((step) => value <= step * unit) ?? 10) * unit;
}

const LEVELS = 20;
const NARROW = 420;

function rescale({ data: [surface], layout }, top) {
  const levels = { start: top / LEVELS, end: top, size: top / LEVELS };
  if (surface.type === "surface") {
    surface.cmax = top;
    layout.scene.zaxis.range = [-top / 50, top];
    Object.assign(surface.contours.z, levels);
  } else {
    surface.zmax = top;
    Object.assign(surface.contours, levels);
  }
}

const number = (value) => (Math.abs(value) < 1e-4 ? "0" : String(Number(value.toPrecision(3))));
const short = (weight) => (weight < 100 ? weight.toPrecision(2) : String(Math.round(weight)));
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
    this.top = null;
    Object.assign(chart.data[0], { x: grids.x, y: grids.y });
    // On a narrow panel the names at the corners need the room.
    const eye = this.root.clientWidth < NARROW && chart.layout.scene?.camera.eye;
    for (const axis in eye || {}) eye[axis] *= 1.3;
    this.title.textContent = this.title.title = chart.title;
    this.table.setAttribute("aria-label", `Table: ${chart.title}`);
  }

  // True where that was drawn already: all panels in one frame, and nothing waits in a queue.
  fill(loss, top) {
    const { width, size, columns } = this.grids;
    const { data: [trace], layout: { scene } } = this.chart;
    trace.z = Array.from({ length: size / width }, (_, i) => loss.subarray(i * width, (i + 1) * width));
    const corners = [loss.at(-1), loss[width - 1], loss.at(-width), loss[0]];
    scene?.annotations.forEach((own, k) => (own.z = corners[k]));
    this.chart.values = [...columns, loss];
    this.plot.setAttribute("aria-label", `${this.chart.title}. ${this.said(loss)}`);
    const steps = this.top !== top;
    this.top = top;
    if (steps) rescale(this.chart, top);
    if (!this.drawn || !this.visible || !this.table.hidden) {
      this.draw();
      return false;
    }
    if (steps || !this.refill()) this.react();
    return true;
  }

  said(loss) {
    let low = 0, high = 0;
    for (let i = 1; i < loss.length; i++) {
      if (loss[i] < loss[low]) low = i;
      if (loss[i] > loss[high]) high = i;
    }
    const { columns: [x, y] } = this.grids, [across, up] = this.chart.columns;
    return `The loss goes from ${number(loss[low])} to ${number(loss[high])}; it is smallest `
      + `at ${number(x[low])} of “${across}” and ${number(y[low])} of “${up}”.`;
  }

  // In software rendering, on a page with nothing else, 51 × 51 points at 680 × 330 pixels: react and
  // restyle 5 redraws a second, as Plotly fills in 16 points for each; without that 17; so 38. But
  // this knows where Plotly keeps its scene; where it is not there, react goes on.
  refill() {
    const own = this.surface(), scene = own?.scene;
    if (!own?.update || !scene?.glplot?.update) return false;
    own.data.z = this.plot.data[0].z = this.chart.data[0].z;
    own.update(own.data);
    this.chart.layout.scene.annotations.forEach(({ z }, k) => (scene.fullSceneLayout.annotations[k].z = z));
    scene.glplot.update({});
    return true;
  }

  surface() {
    const traces = Object.values(this.plot._fullLayout?.scene?._scene?.traces ?? {});
    return traces.find(({ data }) => data?.type === "surface");
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
    const own = this.surface();
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

// A logarithmic slider, and an exact number beside it.
class Slider {
  constructor({ position, label, colour }, { scale, marks, most }, explorer) {
    Object.assign(this, { position, label, scale, explorer });
    this.range = element("input", { type: "range", min: 0, max: scale.length - 1, step: 1 });
    this.exact = element("input", { type: "number", min: 0, max: most, step: "any", inputMode: "decimal" });
    this.range.setAttribute("aria-label", label);
    this.exact.setAttribute("aria-label", `${label}, exactly`);
    this.range.title = "Double click: back to 1";
    const ticks = element("div", { className: "lv-ticks", ariaHidden: "true" });
    ticks.append(...marks.map((own) => element("span", { textContent: own })));
    this.root = element(
      "div",
      { className: "lv-slider" },
      element("span", { className: "lv-name", textContent: label, title: label }),
      element("div", { className: "lv-track" }, this.range, ticks),
      this.exact,
    );
    this.root.style.setProperty("--lv-colour", colour === "text" ? "var(--st-text-color)" : colour);
    this.range.addEventListener("input", () => this.move(scale[this.range.value]));
    this.range.addEventListener("dblclick", () => {
      this.move(1);
      this.release();
    });
    this.exact.addEventListener("input", () => {
      const value = this.exact.valueAsNumber;
      if (Number.isFinite(value)) this.move(Math.min(Math.max(value, 0), most));
    });
    for (const own of ["change", "blur", "pointerup", "pointercancel"]) {
      for (const input of [this.range, this.exact]) input.addEventListener(own, () => this.release());
    }
  }

  move(value) {
    this.held = true;
    this.explorer.weigh(this.position, value);
    this.show(value);
  }

  release() {
    this.held = false;
    this.show(this.explorer.weights[this.position]);
    this.explorer.commit();
  }

  show(value) {
    const distance = (step) => Math.abs(Math.log(step / Math.max(value, 1e-9)));
    this.range.value = this.scale.reduce((best, step, k) => (distance(step) < distance(this.scale[best]) ? k : best), 0);
    this.range.style.setProperty("--lv-share", this.range.value / (this.scale.length - 1));
    this.range.setAttribute("aria-valuetext", `${this.label}: ${short(value)}`);
    if (!this.held || document.activeElement !== this.exact) this.exact.value = Number(value.toPrecision(4));
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
      this.sliders = told.sliders.map((own) => new Slider(own, told, this));
      this.controls.replaceChildren(...this.sliders.map(({ root }) => root));
    }
    this.sliders.forEach((own) => own.held || own.show(this.weights[own.position]));
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
    this.soon();
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.arranged) this.mix();
    });
  }

  mix() {
    this.shown = String(this.weights);
    const losses = this.panels.map(({ grids }) => mixed(grids, this.weights));
    const top = roundUp(losses.reduce((most, loss) => loss.reduce((a, b) => Math.max(a, b), most), -Infinity));
    const drawn = this.panels.map((own, k) => own.fill(losses[k], top));
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
    cancelAnimationFrame(this.frame);
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
  own.silence = () => shared.listeners.get(told.id) === listen && shared.listeners.delete(told.id);
  own.tell(told);
  // Streamlit also ends a call that a newer one overtook while it was loading; then all goes on.
  return () => setTimeout(() => {
    if (root.isConnected) return;
    own.silence();
    own.end();
    explorers.delete(root);
  });
}
