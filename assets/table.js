// The table behind a chart, as HTML and as CSV.

export function element(tag, options = {}, ...children) {
  const node = Object.assign(document.createElement(tag), options);
  node.append(...children);
  return node;
}

// A packed column as a list; one that was worked out here is one already.
export function unpacked(values) {
  if (Array.isArray(values) || ArrayBuffer.isView(values)) return values;
  const bytes = Uint8Array.from(atob(values.bdata), (own) => own.charCodeAt(0));
  return values.dtype === "f4" ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer);
}

function plain(value) {
  if (typeof value !== "number") return value;
  if (Number.isFinite(value)) return Number(value.toPrecision(6));
  return Number.isNaN(value) ? "not a number" : "infinite";
}

// A column as a person reads it: all its numbers with the same decimals, at most three.
function readable(list) {
  const values = Array.from(list, plain);
  const decimals = (own) =>
    (typeof own === "number" && String(Number(own.toPrecision(4))).split(".")[1]?.length) || 0;
  const digits = Math.min(3, values.reduce((most, own) => Math.max(most, decimals(own)), 0));
  const form = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return values.map((own) => (typeof own === "number" ? form.format(own) : own));
}

const FORMULA = /^(?:[\t\r\n]|[\s\u0000-\u0020\u007f-\u00a0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠])/;

export function csv({ columns, values }) {
  // What a spreadsheet would take for a formula gets an apostrophe in front, by the same rule as in
  // lossviz/spreadsheet.py.
  const cell = (own) => {
    const text = typeof own === "string" && FORMULA.test(own) ? `'${own}` : String(own);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lists = values.map(unpacked);
  const rows = Array.from({ length: lists[0]?.length ?? 0 }, (_, i) => lists.map((own) => plain(own[i])));
  // Without the mark at the beginning Excel takes UTF-8 for the system's own encoding.
  return "\ufeff" + [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

export class Table {
  constructor(node) {
    this.node = node;
  }

  // Cells are written in place: focus, selection and scroll position stay while a run goes on.
  // Where cells can be opened, onCell takes the customdata of the heat map's cell; where rows can,
  // [the member of the grid] or what the chart says stands behind the row.
  show({ columns, values, data, places }, onCell) {
    const lists = values.map(unpacked);
    const length = lists[0]?.length ?? 0;
    const behind = places ? places.rows.map((own) => [own]) : data[0]?.meta?.rows;
    this.members = onCell && behind;
    this.places = onCell && !behind && data[0]?.customdata;
    this.onCell = onCell;
    const shape = JSON.stringify([columns, length, Boolean(this.places), Boolean(this.members)]);
    if (this.shape !== shape) this.build(columns, length);
    this.shape = shape;
    lists.forEach((list, j) => readable(list).forEach((text, i) => {
      const cell = this.cells[i][j];
      if (cell.textContent === text) return;
      cell.textContent = text;
      cell.classList.toggle("lv-number", typeof list[i] === "number");
      if (this.places && j) cell.setAttribute("aria-label", `${text} texts: true ${lists[0][i]}, predicted ${columns[j]}`);
    }));
    if (this.members) this.cells.forEach(([first], i) => first.setAttribute("aria-label", this.label(columns, i)));
  }

  // Of the button that opens a row: its first two cells are the weights, or the two labels.
  label(columns, i) {
    return `Open ${columns.slice(0, 2).map((own, j) => `${own} ${this.cells[i][j].textContent}`).join(", ")}`;
  }

  build(columns, length) {
    const head = columns.map((own) => element("th", { textContent: own, scope: "col" }));
    this.cells = Array.from({ length }, (_, i) => columns.map((_, j) => this.cell(i, j)));
    const rows = this.cells.map((row) =>
      element("tr", {}, ...row.map((own, j) => (own.tagName === "BUTTON" ? element(j ? "td" : "th", j ? {} : { scope: "row" }, own) : own))));
    this.node.replaceChildren(
      element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
    );
  }

  cell(i, j) {
    const open = (act) => element("button", { type: "button", onclick: act });
    if (!j) return this.members ? open(() => this.onCell?.(this.members[i])) : element("th", { scope: "row" });
    if (!this.places) return element("td");
    return open(() => this.onCell?.(this.places[i][j - 1]));
  }
}
