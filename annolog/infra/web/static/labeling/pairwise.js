// Pairwise: which of two things is the better one, said by two buttons or by pressing the thing itself.

import { freshId, make } from "./dom.js";
import { field } from "./field.js";

export function pairwiseControl(desk, control) {
  const [left, right] = control.targets;
  const sides = [["left", left, control.tag.get("leftLabel") || "Left"], ["right", right, control.tag.get("rightLabel") || "Right"]];
  const element = field(desk, control, (set) => {
    const name = freshId("pairwise");
    const inputs = sides.map(([side, , words]) => {
      const input = make("input", { type: "radio", name, value: side });
      const hint = make("span", { class: "an-lb-hint" });
      input.addEventListener("change", () => set({ selected: side }));
      if (!desk.readonly) desk.keys.wish(`${control.name}/${side}`, "", () => set({ selected: side }), hint);
      return make("label", { class: "an-lb-choice", "data-keyed": "" }, input, make("span", {}, words), hint);
    });
    let chosen = null;
    desk.on("laid-out", () => sides.forEach(([, target]) => desk.objects.get(target)?.classList.add("an-lb-side")));
    const mark = () => sides.forEach(([side, target]) => desk.objects.get(target)?.classList.toggle("an-lb-chosen", chosen === side));
    desk.on("laid-out", mark);
    if (!desk.readonly) {
      desk.on("laid-out", () => sides.forEach(([side, target]) => {
        const shown = desk.objects.get(target);
        shown?.addEventListener("click", () => { if (document.getSelection().isCollapsed) set({ selected: side }); });
      }));
    }
    return {
      element: make("div", { class: "an-lb-choices" }, ...inputs),
      show(value) {
        chosen = value?.selected ?? null;
        sides.forEach(([side], at) => { inputs[at].querySelector("input").checked = chosen === side; });
        mark();
      },
    };
  });
  return element;
}
