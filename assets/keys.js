// Keys that press buttons. None acts while somebody types, or together with a modifier.
const TYPING = "input:not([type=radio]), textarea, select, [contenteditable], [role=combobox], [role=slider]";

export default function keys({ data }) {
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest(TYPING)) return;
    if (document.querySelector("[role=dialog]")) return;
    // Space and Enter on a focused button are that button's own.
    if (event.key === " " && target instanceof Element && target.closest("button, a, summary, [type=radio]")) return;
    const widget = data.buttons[event.shiftKey && event.key === " " ? "Shift " : event.key];
    const name = widget && CSS.escape(widget);
    const button = widget && document.querySelector(`.st-key-${name} :is(button, a), [data-key=${name}]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  };
  // Where arrows are keys, what the mouse let go of gives them back; what Tab reached keeps them.
  const release = () => document.activeElement?.matches("input[type=range], button") && data.buttons.ArrowRight && document.activeElement.blur();
  document.addEventListener("keydown", press, true);
  document.addEventListener("pointerup", release);
  return () => {
    document.removeEventListener("keydown", press, true);
    document.removeEventListener("pointerup", release);
  };
}
