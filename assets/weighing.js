// The weights of a run, moved while it trains.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const [{ WeightSlider }, { LivePart, lasting }] = await Promise.all([import(beside("weights.js")), import(beside("live.js"))]);

class Weighing extends LivePart {
  build() {
    const { sliders, scale } = this.data, declared = JSON.stringify(sliders);
    if (declared === this.declared) return;
    this.declared = declared;
    this.sliders?.forEach((slider) => slider.end());
    const acts = {
      onMove: (k, value) => this.send({ do: "weigh", run: this.data.run, k, value, drag: (this.drag ??= Date.now()) }),
      onRelease: () => {
        this.drag = null;
        this.soon();
      },
    };
    this.sliders = sliders.map((slider) => new WeightSlider(slider, scale, acts));
    this.root.replaceChildren(...this.sliders.map(({ root }) => root));
  }

  // The line may not have heard yet of a run that the page shows.
  show(lab) {
    if (!this.confirmed) return;
    const { weights } = lab.runs[this.data.run] ?? this.data.lab.runs[this.data.run];
    for (const slider of this.sliders) if (slider.position in weights) slider.show(weights[slider.position]);
  }

  end() {
    super.end();
    this.sliders.forEach((slider) => slider.end());
  }
}

export default lasting(Weighing, ".lv-weights");
