// Draws a report's charts with the pages' own modules; a stand-in gives them what Streamlit would.
// It stands in a function of its own, where load() gives the modules.

const [chart, surface] = await Promise.all([load("chart.js"), load("surface.js")]);
const nothing = () => {};
const read = (node, selector) => JSON.parse(node.querySelector(selector).textContent);

document.querySelectorAll(".chart").forEach((node, id) => {
  const data = { id: `chart-${id}`, chart: read(node, "script"), height: Number(node.dataset.height), clickable: false, link: node.dataset.link };
  chart.default({ data, parentElement: node, setTriggerValue: nothing });
});

const reliefs = Array.from(document.querySelectorAll(".surfaces"), (node) => {
  const message = read(node, ".message");
  surface.publish(message.id, message.version, read(node, ".grids"));
  const show = () => surface.default({
    data: new TextEncoder().encode(JSON.stringify(message)),
    parentElement: node,
    setStateValue: nothing,
  });
  show();
  return show;
});

// Paper is white, and narrower than a window; what is printed is what stands there at this moment.
const paper = (on) => () => {
  document.documentElement.classList.toggle("paper", on);
  reliefs.forEach((show) => show());
  chart.repaint();
};
addEventListener("beforeprint", paper(true));
addEventListener("afterprint", paper(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paper(false));
