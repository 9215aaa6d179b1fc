// What the parts of a page have in common that speak over the line: they are built once, show the lab
// as it is known last, and do not go back to what was before their own last command.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { listen, send } = await import(beside("line.js"));

export class LivePart {
  constructor(root) {
    Object.assign(this, { root, sent: 0, done: 0, frame: null, ends: [] });
  }

  // What the page says, on every run of it: the lab as well, until the line knows it.
  tell(data) {
    const first = !this.data;
    this.data = data;
    this.build(first);
    if (first) {
      this.hear("lab", (lab) => (this.lab = lab));
      this.hear("done", (done) => (this.done = done));
      // Another session knows nothing of what was said to the one before.
      this.hear("session", () => Object.assign(this, { lab: null, sent: 0, done: 0 }));
    }
    this.show(this.lab ?? data.lab);
  }

  // Drawn a frame later: a message may bring the lab after what it confirms.
  hear(topic, take) {
    this.ends.push(listen(topic, (value) => {
      take(value);
      this.soon();
    }));
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.show(this.lab ?? this.data.lab);
    });
  }

  send(command) {
    this.sent = send(command);
  }

  // Whether what is known of the lab comes after everything that was said here.
  get confirmed() {
    return this.done >= this.sent;
  }

  end() {
    cancelAnimationFrame(this.frame);
    this.ends.forEach((end) => end());
  }
}

// The default function of a module: Streamlit calls it once the element is there, and again whenever
// its data or the theme change.
export function lasting(Part, selector) {
  const parts = new WeakMap();
  return ({ data, parentElement, setStateValue }) => {
    const root = parentElement.querySelector(selector);
    const part = parts.get(root) ?? new Part(root);
    parts.set(root, part);
    part.put = setStateValue;
    part.tell(data);
    // Streamlit also ends a call that a newer one overtook while it was loading; then all goes on.
    return () => setTimeout(() => {
      if (root.isConnected) return;
      part.end();
      parts.delete(root);
    });
  };
}
