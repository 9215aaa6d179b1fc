// Rings: the same member of a grid, marked in every chart of a group without drawing any of them anew.

const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { element, unpacked } = await import(beside("table.js"));

const groups = (window.lossvizRings ??= new Map());
const LEAST = 16; // Pixels, so that it can be seen around a mark.

export class Rings {
  constructor(plot) {
    this.plot = plot;
    this.layer = element("div", { className: "lv-rings" });
    this.layer.setAttribute("aria-hidden", "true");
    plot.after(this.layer);
  }

  join(link) {
    if (!groups.has(link)) groups.set(link, new Set());
    this.leave();
    this.group = groups.get(link).add(this);
  }

  leave() {
    if (!this.group) return;
    this.point(null);
    this.group.delete(this);
    this.group = null;
  }

  show({ places, marked }) {
    this.places = places && { ...places, x: unpacked(places.x), y: unpacked(places.y) };
    this.marked = marked;
  }

  // Pointed at, for as long as the mouse stays there.
  point(member) {
    for (const own of this.group ?? []) {
      if (own.pointed === member) continue;
      own.pointed = member;
      own.place();
    }
  }

  // Chosen: it stays, and the next chart from Python says whether it was right.
  mark(member) {
    for (const own of this.group ?? []) {
      own.marked = member;
      own.place();
    }
  }

  // After every draw, as the axes may have changed.
  place() {
    const drawn = this.places && this.plot._fullLayout;
    this.layer.replaceChildren(
      ...(drawn ? [...this.around(this.marked, "lv-ring lv-kept"), ...this.around(this.pointed, "lv-ring")] : []),
    );
  }

  around(member, className) {
    if (!Number.isInteger(member)) return [];
    const { x, y, members, cell } = this.places;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const rings = [];
    for (let k = member; k < x.length; k += members) {
      const [left, top] = [xaxis.d2p(x[k]), yaxis.d2p(y[k])];
      const inside = left >= 0 && left <= xaxis._length && top >= 0 && top <= yaxis._length;
      if (!inside) continue; // Nor is what is not a number.
      const [width, height] = [xaxis, yaxis].map((own) => Math.max(cell && Math.abs(own.d2p(cell) - own.d2p(0)), LEAST));
      const ring = element("div", { className });
      if (cell) ring.classList.add("lv-cell");
      Object.assign(ring.style, {
        left: `${xaxis._offset + left - width / 2}px`,
        top: `${yaxis._offset + top - height / 2}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
      rings.push(ring);
    }
    return rings;
  }
}

// What a click chose is shown elsewhere on the page; it comes into view if it is out of it.
export function reveal() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(".st-key-point")?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}
