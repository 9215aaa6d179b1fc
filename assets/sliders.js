// Weights that a page is run again for, while they are dragged.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const [{ WeightSlider }, { lasting }] = await Promise.all([import(beside("weights.js")), import(beside("live.js"))]);

const PAUSE = 150; // Milliseconds between two runs of the page.

class Sliders {
  constructor(root) {
    Object.assign(this, { root, serial: 0, waiting: null, weights: [] });
  }

  // What the page says is older than what was moved since, until it has seen that.
  tell({ sliders, scale, weights, seen }) {
    this.serial = Math.max(this.serial, seen);
    if (seen === this.serial) this.weights = [...weights];
    this.sliders ??= sliders.map((slider) => new WeightSlider(slider, scale, {
      onMove: (k, value) => this.move(k, value),
      onRelease: () => this.say(),
    }));
    if (!this.root.firstChild) this.root.replaceChildren(...this.sliders.map(({ root }) => root));
    for (const slider of this.sliders) slider.show(this.weights[slider.position]);
  }

  move(k, value) {
    this.weights[k] = value;
    this.serial += 1;
    this.waiting ??= setTimeout(() => this.say(), PAUSE);
  }

  say() {
    if (this.waiting === null) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    this.put("released", { serial: this.serial, weights: this.weights });
  }

  end() {
    clearTimeout(this.waiting);
    this.sliders.forEach((slider) => slider.end());
  }
}

export default lasting(Sliders, ".lv-weights");
