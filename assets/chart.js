// One chart: its title, the plot, the table behind it, and its downloads.
// A live chart is mounted once; what it shows comes over the line.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const [{ Table, csv, element, unpacked }, { Rings, reveal }, { read }] = await Promise.all(
  ["table.js", "rings.js", "line.js"].map((name) => import(beside(name))),
);

const shared = (window.lossvizCharts ??= { latest: new Map(), listeners: new Map() });

// Charts come over the line as what makes them of those that are here: compute/differences.py.
export function changed(before, change) {
  if ("=" in change) return change["="];
  if ("~" in change) {
    const [first, last, between] = change["~"], end = before.length - last;
    if (typeof before === "string") return before.slice(0, first) + between + before.slice(end);
    return [...before.slice(0, first), ...between, ...before.slice(end)];
  }
  if (Array.isArray(before)) return before.map((item, k) => (k in change["."] ? changed(item, change["."][k]) : item));
  const after = { ...before };
  for (const key of change["-"] ?? []) delete after[key];
  for (const key in change["."]) after[key] = changed(before[key], change["."][key]);
  return after;
}

read((charts) => {
  for (const id in charts) {
    const chart = changed(shared.latest.get(id), charts[id]);
    shared.latest.set(id, chart);
    shared.listeners.get(id)?.(complete(chart));
  }
});

export function plotly() {
  return (window.lossvizPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = beside("../plotly/plotly.min.js");
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.lossvizPlotly = undefined;
      script.remove();
      reject(new Error("plotly.min.js could not be loaded"));
    };
    document.head.append(script);
  }));
}

// Views that have something to draw. At most about 12 ms of a frame go into drawing, so that
// nine charts that change ten times a second leave the page room to answer.
const waiting = new Set();
const mounted = new Set();

// Everything as it has to look now: a printer takes what stands there at this moment.
export function repaint() {
  waiting.clear();
  for (const view of mounted) if (view.chart) view.paint();
}

function work() {
  const end = performance.now() + 12;
  for (const view of waiting) {
    waiting.delete(view);
    try {
      view.paint();
    } catch (error) {
      console.error(error); // One chart that cannot be drawn must not keep back the others.
    }
    if (performance.now() > end) break;
  }
  if (waiting.size) requestAnimationFrame(work);
}

export function theme(node) {
  const style = getComputedStyle(node);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: read("--st-text-color", "#1B1F24"),
    paper: read("--st-background-color", "#FFFFFF"),
    wall: read("--st-secondary-background-color", "#F3F5F7"),
    grid: read("--st-border-color", "#D5DAE0"),
    font: read("--st-font", "sans-serif"),
  };
}

// In presenter mode everything in a chart is larger: by what the page's style says, and with the
// window, as the page's own letters are.
function enlargement(node) {
  const own = Number(getComputedStyle(node).getPropertyValue("--lv-large"));
  return own ? own * Math.max(Math.min(innerWidth / 1280, innerHeight / 720), 0.6) : 1;
}

// Pixels, by the object that they stand in. A chart that writes smaller than 10 px has very many
// labels; there the letters cannot be as large as elsewhere.
const PIXELS = { margin: ["l", "r", "t", "b"], line: ["width"], error_x: ["width", "thickness"], error_y: ["width", "thickness"],
  marker: ["size"], colorbar: ["thickness"], title: ["standoff"], annotations: ["xshift", "yshift", "borderpad"] };
const LEAST = 24, LEAST_OF_MANY = 18;

function enlarged(value, factor, name = "") {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value) || name === "contours") return value;
  if (Array.isArray(value)) return value[0]?.constructor === Object ? value.map((own) => enlarged(own, factor, name)) : value;
  const page = factor / 2.2, times = (own) => (Array.isArray(own) ? own.map(times) : typeof own === "number" ? own * factor : own);
  const result = {};
  for (const key in value) {
    const own = value[key];
    if (key === "size" && /font$/i.test(name)) result[key] = Math.max(own * factor, page * (own < 10 ? LEAST_OF_MANY : LEAST));
    else if (key === "dash" && /px/.test(own)) result[key] = own.replace(/[\d.]+/g, (length) => length * factor);
    else if (/^scene\d*$/.test(key)) result[key] = scene(enlarged(own, factor, key));
    else result[key] = PIXELS[name]?.includes(key) ? times(own) : enlarged(own, factor, key);
  }
  return result;
}

// In a scene numbers come out larger than they say, and those of its floor would cover its names.
function scene(own) {
  for (const axis of [own.xaxis, own.yaxis]) axis.showticklabels = false;
  const { tickfont, nticks } = own.zaxis;
  Object.assign(own.zaxis, { nticks: Math.min(nticks, 4), tickfont: { ...tickfont, size: 0.8 * tickfont.size } });
  return own;
}

// "text" and "paper" stand for the theme's colours, wherever a colour is meant.
function inked(value, colours, coloured = false) {
  if (typeof value === "string") return (coloured && colours[value]) || value;
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    // Annotations and shapes are lists of objects; of numbers there may be very many.
    const look = coloured || value[0]?.constructor === Object;
    return look ? value.map((own) => inked(own, colours, coloured)) : value;
  }
  const result = {};
  for (const key in value) result[key] = inked(value[key], colours, key.endsWith("color"));
  return result;
}

// An array that occurred before in a trace is named instead of repeated.
function complete(chart) {
  const whole = (own) => (own?.same ? chart.data[own.same[0]][own.same[1]] : own);
  const data = chart.data.map((own) => {
    const trace = { ...own };
    for (const key of ["x", "y"]) if (key in trace) trace[key] = whole(trace[key]);
    if (trace.meta?.cells) spell(trace);
    return trace;
  });
  return { ...chart, data, values: chart.values.map(whole) };
}

// What is said of each cell of a matrix of very many labels travels as names and numbers.
function spell(trace) {
  const { cells, names, counts } = trace.meta;
  const list = unpacked(counts);
  const each = (say) => cells.map((_, i) => cells.map((_, j) => say(i, j)));
  trace.text = each((i, j) => list[i * cells.length + j].toLocaleString("en"));
  trace.hovertext = each((i, j) => `true ${names[i]}<br>predicted ${names[j]}`);
  trace.customdata = each((i, j) => [cells[i], cells[j]]);
}

function themed(chart, colours, factor = 1) {
  const larger = factor === 1 ? (own) => own : (own) => enlarged(own, factor);
  const layout = larger(inked(chart.layout, colours));
  const lines = { gridcolor: colours.grid, linecolor: colours.grid, tickcolor: colours.grid };
  const walls = { showbackground: true, backgroundcolor: colours.wall };
  for (const key in layout) {
    // Whether an axis fits what is drawn is said in every draw: left unsaid in one and not in the
    // next, Plotly takes what it found by itself for a person's zoom, and keeps that.
    if (/^[xy]axis/.test(key)) Object.assign(layout[key], lines, { autorange: !layout[key].range });
    if (/^scene/.test(key)) for (const own of ["xaxis", "yaxis", "zaxis"]) Object.assign(layout[key][own], lines, walls);
  }
  const font = { color: colours.text, family: colours.font };
  Object.assign(layout, {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...layout.font, ...font },
    hoverlabel: { bgcolor: colours.paper, bordercolor: colours.grid, font: { ...font, size: 13 * factor } },
  });
  // Plotly keeps what it was given and compares; a list of its own for every draw.
  return { data: chart.data.map((own) => larger(inked(own, colours))), layout };
}

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export class View {
  constructor(root) {
    this.root = root;
    mounted.add(this);
    this.visible = true;
    this.title = element("div", { className: "lv-title" });
    this.plot = element("div", { className: "lv-plot" });
    this.table = element("div", { className: "lv-table", hidden: true, tabIndex: 0 });
    this.table.setAttribute("role", "region");
    this.rows = new Table(this.table);
    this.toggle = this.button("Table", "Show the table behind this chart", () => this.flip());
    this.toggle.setAttribute("aria-pressed", "false");
    const tools = element(
      "div",
      { className: "lv-tools" },
      this.toggle,
      this.button("CSV", "Download the table", () => this.csv()),
      this.button("PNG", "Download as a picture", () => this.picture("png")),
      this.button("SVG", "Download as a vector graphic", () => this.picture("svg")),
    );
    root.replaceChildren(element("div", { className: "lv-head" }, this.title, tools), this.plot, this.table);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.plot);
    this.seen = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.draw();
    }, { rootMargin: "200px" });
    this.seen.observe(root);
  }

  button(text, label, act) {
    const button = element("button", { type: "button", textContent: text, title: label, onclick: act });
    button.setAttribute("aria-label", label);
    return button;
  }

  show(chart) {
    this.chart = chart;
    this.title.textContent = this.title.title = chart.title;
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", chart.alt);
    this.table.setAttribute("aria-label", `Table: ${chart.title}`);
    this.rings?.show(chart);
    this.draw();
  }

  // Charts of one group mark in each other what is pointed at.
  link(name) {
    if (name) (this.rings ??= new Rings(this.plot)).join(name);
  }

  choose(cell) {
    this.onCell?.(cell);
    if (!this.onCell || !this.rings) return;
    this.rings.mark(cell[0]);
    reveal();
  }

  // Once drawn, a chart that nobody can see waits until it is near the window again.
  draw() {
    if (!this.chart || this.ended || (this.drawn && !this.visible)) return;
    waiting.add(this);
    if (waiting.size === 1) requestAnimationFrame(work);
  }

  paint() {
    if (this.ended) return;
    if (!this.table.hidden) this.rows.show(this.chart, this.onCell && ((cell) => this.choose(cell)));
    else if (this.plotly) this.react();
    else if (!this.loading) this.load();
  }

  async load() {
    this.loading = true;
    try {
      this.plotly = await plotly();
      this.draw();
    } catch (error) {
      console.warn(error);
      const again = this.button("Try again", "Load the chart again", () => this.draw());
      this.plot.replaceChildren("The chart could not be loaded. ", again);
    }
    this.loading = false;
  }

  react() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!width || !height || !this.plot.isConnected) return;
    const { data, layout } = themed(this.chart, theme(this.root), enlargement(this.root));
    this.drawn ?? this.plot.replaceChildren();
    this.plotly.react(this.plot, data, { ...layout, width, height }, { displayModeBar: false, ...this.config });
    this.rings?.place();
    if (this.drawn) return;
    this.drawn = true;
    this.plot.setAttribute("aria-busy", "false");
    this.plot.on("plotly_click", ({ points: [point] }) => {
      if (Array.isArray(point?.customdata)) this.choose(point.customdata);
    });
    this.plot.on("plotly_hover", ({ points: [point] }) => this.rings?.point(point?.customdata?.[0] ?? null));
    this.plot.on("plotly_unhover", () => this.rings?.point(null));
  }

  flip() {
    const table = this.table.hidden;
    this.table.hidden = !table;
    this.plot.hidden = table;
    this.toggle.setAttribute("aria-pressed", String(table));
    if (this.chart) this.paint();
  }

  name(ending) {
    const words = this.chart.title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
    return `${words.replace(/^-|-$/g, "").slice(0, 60)}.${ending}`;
  }

  csv() {
    if (this.chart) save(new Blob([csv(this.chart)], { type: "text/csv" }), this.name("csv"));
  }

  async picture(format) {
    if (!this.chart) return;
    const Plotly = await plotly();
    const colours = theme(this.root);
    const { data, layout } = themed(this.chart, colours);
    const text = this.chart.title.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const { t, ...margin } = layout.margin;
    const whole = {
      ...layout,
      title: { text, font: { size: 14 }, x: 0.01, xanchor: "left" },
      margin: { ...margin, t: t + 40 },
      paper_bgcolor: colours.paper,
    };
    const width = Math.max(this.root.clientWidth, 640);
    const size = { width, height: Math.max(this.root.clientHeight, 360), scale: format === "png" ? 2 : 1 };
    const address = await Plotly.toImage({ data, layout: whole }, { format, ...size });
    const [, kind, body] = address.match(/^data:([^,]*),(.*)$/s);
    const bytes = kind.includes("base64")
      ? Uint8Array.from(atob(body), (own) => own.charCodeAt(0))
      : new TextEncoder().encode(decodeURIComponent(body));
    save(new Blob([bytes], { type: format === "svg" ? "image/svg+xml" : "image/png" }), this.name(format));
  }

  end() {
    this.ended = true;
    waiting.delete(this);
    mounted.delete(this);
    this.resized.disconnect();
    this.seen.disconnect();
    this.rings?.leave();
    if (this.drawn) this.plotly.purge(this.plot);
  }
}

const views = new WeakMap();

// Called once when the chart is mounted, and again whenever its data or the theme change.
export default function chart({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lv-chart");
  const view = views.get(root) ?? new View(root);
  views.set(root, view);
  root.style.height = `${data.height}px`;
  root.dataset.chart = data.id;
  root.classList.toggle("lv-clickable", data.clickable);
  view.onCell = data.clickable ? (cell) => setTriggerValue("clicked", cell) : null;
  view.link(data.link);
  view.listen?.();
  if (data.chart) {
    view.show(complete(data.chart));
  } else {
    const show = (own) => view.show(own);
    shared.listeners.set(data.id, show);
    view.listen = () => shared.listeners.get(data.id) === show && shared.listeners.delete(data.id);
    const latest = shared.latest.get(data.id);
    if (latest) show(complete(latest));
  }
  // Streamlit also ends a call that a newer one overtook while it was loading; then all goes on.
  return () => setTimeout(() => {
    if (root.isConnected) return;
    view.listen?.();
    view.end();
    views.delete(root);
  });
}
