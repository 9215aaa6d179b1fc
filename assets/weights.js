// One weight: a logarithmic slider, and an exact number beside it. The same on every page.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { element } = await import(beside("table.js"));

const NEXT_TO_NOTHING = 1e-9; // What the exact field allows, 0, has no place on a logarithmic scale.
const PAGE = 2; // The page keys double and halve.
const short = (weight) => (weight < 100 ? weight.toPrecision(2) : String(Math.round(weight)));

function nearest(scale, value) {
  const distance = (step) => Math.abs(Math.log(step / Math.max(value, NEXT_TO_NOTHING)));
  return scale.reduce((best, step, k) => (distance(step) < distance(scale[best]) ? k : best), 0);
}

// Where a key leads from a value, which may lie between two steps or beyond both ends.
const KEYS = {
  ArrowUp: (scale, value) => scale.find((step) => step > value) ?? value,
  ArrowDown: (scale, value) => scale.findLast((step) => step < value) ?? value,
  PageUp: (scale, value) => Math.max(value, scale[nearest(scale, value * PAGE)]),
  PageDown: (scale, value) => Math.min(value, scale[nearest(scale, value / PAGE)]),
  Home: (scale) => scale[0],
  End: (scale) => scale.at(-1),
};
const ACROSS = { ArrowRight: "ArrowUp", ArrowLeft: "ArrowDown" };
// In the exact field the others move the caret.
const IN_FIELD = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"];

export class WeightSlider {
  // onMove(position, value) is called while it moves, at most once a frame; onRelease() when it is let
  // go of, and then the last value was told. In between it is held: no value from outside moves it.
  constructor({ position, label, colour }, { scale, marks, most }, { onMove, onRelease }) {
    Object.assign(this, { position, label, scale, most, onMove, onRelease, value: 1, held: false, frame: null });
    this.range = element("input", { type: "range", min: 0, max: scale.length - 1, step: 1 });
    this.exact = element("input", { type: "number", min: 0, max: most, step: "any", inputMode: "decimal" });
    this.range.setAttribute("aria-label", label);
    this.exact.setAttribute("aria-label", `${label}, exactly`);
    this.range.title = "Double click: back to 1. Page keys: twice, half";
    const ticks = element("div", { className: "lv-ticks", ariaHidden: "true" });
    ticks.append(...marks.map((mark) => element("span", { textContent: mark })));
    const name = element("span", { className: "lv-name", textContent: label, title: label });
    const track = element("div", { className: "lv-track" }, this.range, ticks);
    this.root = element("div", { className: "lv-slider" }, name, track, this.exact);
    this.root.dataset.position = position;
    this.root.style.setProperty("--lv-colour", colour === "text" ? "var(--st-text-color)" : colour);
    this.listenToPointer();
    this.listenToKeys();
    this.listenToField();
    this.draw(this.value);
  }

  listenToPointer() {
    this.range.addEventListener("input", () => this.move(this.scale[this.range.value]));
    this.range.addEventListener("pointerdown", () => {
      this.held = true;
      // It may be let go of anywhere, or become a scrolling of the page.
      const over = new AbortController();
      const end = () => {
        over.abort();
        this.release();
      };
      for (const ending of ["pointerup", "pointercancel"]) {
        window.addEventListener(ending, end, { capture: true, signal: over.signal });
      }
    });
    this.range.addEventListener("dblclick", () => {
      this.move(1);
      this.release();
    });
    // What moves it without pointer or key: a screen reader.
    this.range.addEventListener("change", () => this.release());
  }

  listenToKeys() {
    for (const input of [this.range, this.exact]) {
      input.addEventListener("keydown", (event) => this.press(event, input === this.exact));
      input.addEventListener("keyup", () => this.keyed && this.release());
      input.addEventListener("blur", () => this.release());
    }
  }

  press(event, inField) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const key = inField ? event.key : ACROSS[event.key] ?? event.key;
    if (!KEYS[key] || (inField && !IN_FIELD.includes(key))) return;
    event.preventDefault();
    this.keyed = true;
    this.move(KEYS[key](this.scale, this.value));
  }

  // A number acts once it is typed: on the way to 0.5 stands a 0.
  listenToField() {
    this.exact.addEventListener("input", () => {
      this.held = this.typing = true;
    });
    this.exact.addEventListener("change", () => {
      const typed = this.exact.valueAsNumber;
      if (Number.isFinite(typed)) this.move(Math.min(Math.max(typed, 0), this.most));
      this.release();
    });
  }

  move(value) {
    this.held = true;
    this.typing = false;
    const news = value !== this.value;
    this.draw(value);
    if (news) this.frame ??= requestAnimationFrame(() => this.tell());
  }

  tell() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.onMove(this.position, this.value);
  }

  release() {
    if (!this.held) return;
    if (this.frame !== null) this.tell();
    this.held = this.typing = this.keyed = false;
    this.draw(this.value);
    this.onRelease();
  }

  // A value from outside.
  show(value) {
    if (!this.held) this.draw(value);
  }

  draw(value) {
    this.value = value;
    this.range.value = nearest(this.scale, value);
    this.range.style.setProperty("--lv-share", this.range.value / (this.scale.length - 1));
    this.range.setAttribute("aria-valuetext", `${this.label}: ${short(value)}`);
    if (!this.typing) this.exact.value = Number(value.toPrecision(4));
  }

  end() {
    cancelAnimationFrame(this.frame);
  }
}
