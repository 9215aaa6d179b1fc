// What acts on all runs at once: play, steps, reset, speed. What stands there comes from Python.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { LivePart, lasting } = await import(beside("live.js"));

const PATIENCE = 2000; // Milliseconds without a line that are not worth a word.
const ELSEWHERE = "Another window has taken this session over; reload to have it here.";

class Controls extends LivePart {
  build(first) {
    if (!first) return;
    this.buttons = [...this.root.querySelectorAll("button[data-key]")];
    this.speeds = [...this.root.querySelectorAll("input[type=radio]")];
    this.status = this.root.querySelector("[role=status]");
    for (const button of this.buttons) button.addEventListener("click", () => this.send({ do: button.dataset.do }));
    for (const radio of this.speeds) {
      radio.disabled = false;
      radio.addEventListener("change", () => this.send({ do: "speed", speed: radio.value }));
    }
    this.line({ open: false });
    this.hear("line", (line) => this.line(line));
  }

  // A line that is open again before anybody has waited for it was never missed.
  line({ open, elsewhere }) {
    clearTimeout(this.waiting);
    this.missing = elsewhere ? ELSEWHERE : "";
    if (open || elsewhere) return;
    this.waiting = setTimeout(() => {
      this.missing = "connecting…";
      this.soon();
    }, PATIENCE);
  }

  show({ playing, runs, speed, notice }) {
    for (const button of this.buttons) {
      button.disabled = !Object.keys(runs).length;
      if (button.dataset.key === "play") this.face(button, playing ? "pause" : "play");
    }
    if (this.confirmed) for (const radio of this.speeds) radio.checked = radio.value === speed;
    this.say([this.missing, notice].filter(Boolean).join(" · "));
  }

  // Which of the two the button does, as a word and as a sign.
  face(button, act) {
    if (button.dataset.do === act) return;
    button.dataset.do = act;
    const { icon, word } = this.data.faces[act];
    const [sign, label] = button.children;
    sign.textContent = icon;
    label.textContent = word;
  }

  // What does not fit on its line is read in full where the focus or the pointer is.
  say(words) {
    if (this.status.textContent === words) return;
    this.status.textContent = this.status.title = words;
    this.status.removeAttribute("tabindex");
    if (this.status.scrollWidth > this.status.clientWidth) this.status.tabIndex = 0;
  }

  end() {
    super.end();
    clearTimeout(this.waiting);
  }
}

export default lasting(Controls, ".lv-controls");
