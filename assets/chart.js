// One chart: its title, the plot, the table behind it, and its downloads.
// A live chart is mounted once; what it shows comes through publish(), a message for all of them.

const published = (window.lossvizCharts ??= { latest: new Map(), listeners: new Map() });

export function publish(charts) {
  for (const [id, chart] of Object.entries(charts)) {
    published.latest.set(id, chart);
    published.listeners.get(id)?.(chart);
  }
}

function plotly() {
  window.lossvizPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("assets/plotly/plotly.min.js", document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("plotly.min.js could not be loaded"));
    document.head.append(script);
  });
  return window.lossvizPlotly;
}

function element(tag, options = {}, ...children) {
  const node = Object.assign(document.createElement(tag), options);
  node.append(...children);
  return node;
}

// The theme, from the variables that the page defines.
function theme(node) {
  const style = getComputedStyle(node);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: read("--st-text-color", "#1B1F24"),
    grid: read("--st-border-color", "#D5DAE0"),
    font: read("--st-font", "sans-serif"),
    background: read("--st-background-color", "#FFFFFF"),
  };
}

// "text" stands for the theme's text colour.
function inked(value, ink) {
  if (Array.isArray(value)) return value.map((own) => (own === "text" ? ink : inked(own, ink)));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key,
      own === "text" && /color/i.test(key) ? ink : key === "bdata" ? own : inked(own, ink),
    ]),
  );
}

function themed(chart, colours) {
  const axis = (own) => ({
    ...own,
    gridcolor: colours.grid,
    linecolor: colours.grid,
    tickcolor: colours.grid,
  });
  const layout = inked(chart.layout, colours.text);
  for (const key of Object.keys(layout)) {
    if (/^[xy]axis\d*$/.test(key)) layout[key] = axis(layout[key]);
  }
  return {
    data: inked(chart.data, colours.text),
    layout: {
      ...layout,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { ...layout.font, color: colours.text, family: colours.font },
      hoverlabel: {
        bgcolor: colours.background,
        bordercolor: colours.grid,
        font: { color: colours.text, family: colours.font },
      },
      autosize: true,
    },
  };
}

class View {
  constructor(root) {
    this.root = root;
    this.chart = null;
    this.pending = false;
    this.alive = true;
    this.visible = true;
    this.onCell = null;
    this.title = element("div", { className: "lv-title" });
    this.plot = element("div", { className: "lv-plot", role: "img" });
    this.table = element("div", { className: "lv-table", hidden: true, tabIndex: 0 });
    this.toggle = this.button("Table", "Show the table behind this chart", () => this.flip());
    this.toggle.setAttribute("aria-pressed", "false");
    const more = this.button("⋯", "Table and downloads", () => {
      more.setAttribute("aria-expanded", String(head.classList.toggle("lv-open")));
    });
    more.setAttribute("aria-expanded", "false");
    more.className = "lv-more";
    const tools = element(
      "div",
      { className: "lv-tools" },
      this.toggle,
      this.button("CSV", "Download the table", () => this.csv()),
      this.button("PNG", "Download as a picture", () => this.picture("png")),
      this.button("SVG", "Download as a vector graphic", () => this.picture("svg")),
    );
    const head = element("div", { className: "lv-head" }, this.title, tools, more);
    root.replaceChildren(head, this.plot, this.table);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(root);
    this.seen = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible) this.draw();
    });
    this.seen.observe(root);
    this.themed = new MutationObserver(() => this.draw());
    this.themed.observe(document.documentElement, { attributes: true });
    this.themed.observe(document.body, { attributes: true });
    this.scheme = window.matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => setTimeout(() => this.draw(), 50);
    this.scheme.addEventListener("change", this.onScheme);
  }

  button(text, label, act) {
    const button = element("button", { type: "button", textContent: text, title: label });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  show(chart) {
    this.chart = chart;
    this.title.textContent = chart.title;
    this.title.title = chart.title;
    this.plot.setAttribute("aria-label", chart.alt);
    if (!this.table.hidden) this.fill();
    this.draw();
  }

  // At most one draw a frame, and none while nobody can see it.
  draw() {
    if (this.pending || !this.chart || !this.visible || !this.table.hidden) return;
    this.pending = true;
    requestAnimationFrame(async () => {
      const Plotly = await plotly();
      this.pending = false;
      if (!this.alive || !this.chart || !this.plot.isConnected || !this.plot.clientWidth) return;
      const { data, layout } = themed(this.chart, theme(this.root));
      layout.width = this.plot.clientWidth;
      layout.height = this.plot.clientHeight;
      await Plotly.react(this.plot, data, layout, { displayModeBar: false, responsive: false });
      if (!this.clicks) {
        this.clicks = true;
        this.plot.on("plotly_click", ({ points }) => this.click(points[0]));
      }
    });
  }

  click(point) {
    if (this.onCell && Array.isArray(point?.customdata)) this.onCell(point.customdata);
  }

  flip() {
    this.table.hidden = !this.table.hidden;
    this.plot.hidden = !this.table.hidden;
    this.toggle.setAttribute("aria-pressed", String(!this.table.hidden));
    this.toggle.textContent = this.table.hidden ? "Table" : "Chart";
    if (this.table.hidden) this.draw();
    else this.fill();
  }

  fill() {
    const { columns, rows, data, title } = this.chart;
    const cells = this.onCell && data[0]?.customdata;
    const head = element("tr", {}, ...columns.map((own) => element("th", { textContent: own, scope: "col" })));
    const body = rows.map((row, i) =>
      element(
        "tr",
        {},
        ...row.map((own, j) => {
          const text = typeof own === "number" ? own.toLocaleString("en") : own;
          if (j === 0) return element("th", { textContent: text, scope: "row" });
          if (!cells) return element("td", { textContent: text });
          const open = this.button(text, `Texts: true ${row[0]}, predicted ${columns[j]}`, () =>
            this.onCell(cells[i][j - 1]),
          );
          return element("td", {}, open);
        }),
      ),
    );
    const caption = element("caption", { textContent: title });
    const scroll = [this.table.scrollTop, this.table.scrollLeft];
    this.table.replaceChildren(
      element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...body)),
    );
    [this.table.scrollTop, this.table.scrollLeft] = scroll;
  }

  name(ending) {
    const words = (this.chart?.title ?? "chart").split(":").slice(0, 2).join(" ");
    return `${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "")}.${ending}`;
  }

  save(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  csv() {
    if (!this.chart) return;
    // A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    const cell = (own) => {
      const text = typeof own === "string" && /^[=+\-@\t\r]/.test(own) ? `'${own}` : String(own);
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [this.chart.columns, ...this.chart.rows].map((row) => row.map(cell).join(","));
    this.save(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }), this.name("csv"));
  }

  async picture(format) {
    if (!this.chart) return;
    const Plotly = await plotly();
    const colours = theme(this.root);
    const { data, layout } = themed(this.chart, colours);
    const width = Math.max(this.root.clientWidth, 480);
    const address = await Plotly.toImage(
      {
        data,
        layout: {
          ...layout,
          title: { text: this.chart.title.replace(/&/g, "&amp;").replace(/</g, "&lt;"), font: { size: 14 } },
          margin: { ...layout.margin, t: 48 },
          paper_bgcolor: colours.background,
        },
      },
      { format, width, height: Math.max(this.root.clientHeight, 320), scale: format === "png" ? 2 : 1 },
    );
    const [, body] = address.split(/,(.*)/s);
    const bytes = address.includes(";base64,")
      ? Uint8Array.from(atob(body), (own) => own.charCodeAt(0))
      : new TextEncoder().encode(decodeURIComponent(body));
    this.save(new Blob([bytes], { type: `image/${format === "svg" ? "svg+xml" : "png"}` }), this.name(format));
  }

  remove() {
    this.alive = false;
    this.resized.disconnect();
    this.seen.disconnect();
    this.themed.disconnect();
    this.scheme.removeEventListener("change", this.onScheme);
    if (window.Plotly && this.clicks) window.Plotly.purge(this.plot);
  }
}

const views = new WeakMap();

export default function chart({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lv-chart");
  root.style.height = `${data.height}px`;
  let view = views.get(root);
  if (!view) {
    view = new View(root);
    views.set(root, view);
  }
  view.onCell = data.clickable ? (cell) => setTriggerValue("clicked", cell) : null;
  root.dataset.chart = data.id;
  root.classList.toggle("lv-clickable", data.clickable);
  const show = (own) => view.show(own);
  if (data.chart) {
    show(data.chart);
  } else {
    published.listeners.set(data.id, show);
    if (published.latest.has(data.id)) show(published.latest.get(data.id));
  }
  return () => {
    if (published.listeners.get(data.id) === show) published.listeners.delete(data.id);
    view.remove();
    views.delete(root);
  };
}
