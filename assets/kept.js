// Whether what is here is kept on the server; until it is, leaving the page asks.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { listen } = await import(beside("line.js"));

const WORDS = { kept: "Kept", pending: "Not kept yet", unkept: "Not kept" };
const silences = new WeakMap();
let asks = false;

const when = (until) => new Date(until).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" });

addEventListener("beforeunload", (event) => {
  if (asks) event.preventDefault();
});

export default function kept({ data: { now }, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector(".lv-kept");
  const show = ({ state, until, asked }) => {
    asks = asked;
    button.hidden = state === "none";
    button.dataset.state = state;
    button.textContent = WORDS[state] ?? "";
    button.title = state === "kept" && until ? `Kept on this server until ${when(until)}, for this browser` : "";
  };
  silences.get(button)?.();
  show(now);
  button.onclick = () => setTriggerValue("pressed", true);
  const silence = listen("kept", show);
  silences.set(button, silence);
  return () => {
    asks = false;
    silence();
  };
}
