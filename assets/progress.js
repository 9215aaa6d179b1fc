// How far something is, and in words: it goes on without the page being run again.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { listen } = await import(beside("line.js"));

const silences = new WeakMap();

export default function progress({ data: { topic, now }, parentElement }) {
  const root = parentElement.querySelector(".lv-progress");
  const [words, bar] = root.children;
  const show = ({ share, text }) => {
    words.textContent = text;
    bar.hidden = share === null; // Nobody knows how far it is.
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    bar.setAttribute("aria-valuetext", text);
    bar.firstElementChild.style.width = `${100 * share}%`;
  };
  silences.get(root)?.();
  show(now);
  const silence = listen(topic, show);
  silences.set(root, silence);
  return silence;
}
