// A sentence that every run is asked about, while it is typed.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { LivePart, lasting } = await import(beside("live.js"));

const PAUSE = 300; // Milliseconds without a key after which the runs are asked.

class Sentence extends LivePart {
  build(first) {
    if (!first) return;
    this.field = this.root.querySelector("input");
    this.asked = this.data.lab.sentence;
    this.field.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.ask(), PAUSE);
    });
    this.field.addEventListener("change", () => this.ask());
    if (this.field.value.trim()) this.ask(); // It was typed before anybody listened.
  }

  ask() {
    clearTimeout(this.waiting);
    this.waiting = null;
    const text = this.field.value.trim();
    if (text === this.asked) return;
    this.asked = text;
    this.send({ do: "ask", text });
  }

  // What is being typed stays, with the space at its end.
  show({ sentence }) {
    if (this.waiting || !this.confirmed) return;
    this.asked = sentence;
    if (this.field.value.trim() !== sentence) this.field.value = sentence;
  }

  end() {
    super.end();
    clearTimeout(this.waiting);
  }
}

export default lasting(Sentence, ".lv-sentence");
