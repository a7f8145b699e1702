// Answers of one value: stars, numbers, dates.

import { button, freshId, make } from "./dom.js";
import { field } from "./field.js";

const MOST_STARS = 100;

export function ratingControl(desk, control) {
  return field(desk, control, (set) => {
    const most = Math.min(control.tag.number("maxRating", 5), MOST_STARS);
    const name = freshId("rating");
    const inputs = Array.from({ length: most }, (_, at) => make("input", { type: "radio", name, value: at + 1, class: "an-visually-hidden", "aria-label": `${at + 1} of ${most}` }));
    const labels = inputs.map((input) => {
      const hint = make("span", { class: "an-lb-hint" });
      const label = make("label", { class: "an-lb-star", "data-keyed": "" }, input, make("span", { class: "an-lb-star-sign", "aria-hidden": "true" }, "★"), hint);
      input.addEventListener("change", () => set({ rating: Number(input.value) }));
      if (!desk.readonly && most <= 10) {
        desk.keys.wish(`${control.name}/${input.value}`, "", () => {
          if (desk.regionFor(control) === undefined || label.closest("[hidden]")) return false;
          set({ rating: Number(input.value) });
          return true;
        }, hint);
      }
      return label;
    });
    const told = make("span", { class: "an-note" });
    const clear = desk.readonly ? null : button("Clear", () => set(null), { small: true });
    return {
      element: make("div", { class: "an-lb-rating" }, ...labels, told, clear),
      show(value) {
        const rating = Number(value?.rating) || 0;
        labels.forEach((label, at) => { label.classList.toggle("an-lb-on", at < rating); inputs[at].checked = at + 1 === rating; });
        told.textContent = rating ? `${rating} of ${most}` : "Not rated";
        if (clear) clear.hidden = !rating || control.required;
      },
    };
  });
}

export function numberControl(desk, control) {
  return field(desk, control, (set) => {
    const { tag } = control;
    const input = make("input", { type: "number", class: "an-lb-input an-lb-number", "aria-label": tag.get("title") || control.name, min: tag.number("min"), max: tag.number("max"), step: tag.number("step") ?? "any" });
    const wrong = make("p", { class: "an-lb-wrong", role: "alert" });
    const limits = [["min", "at least"], ["max", "at most"]].filter(([one]) => tag.number(one) !== null).map(([one, words]) => `${words} ${tag.number(one)}`).join(", ");
    input.addEventListener("input", () => {
      const found = input.valueAsNumber;
      const outside = Number.isFinite(found) && ((tag.number("min") ?? -Infinity) > found || (tag.number("max") ?? Infinity) < found);
      wrong.textContent = outside ? `Please give a number, ${limits}.` : "";
      if (outside || input.validity.badInput) return;
      set(input.value === "" ? null : { number: found }, `type-${control.name}`);
    });
    return {
      element: make("div", {}, input, limits ? make("span", { class: "an-note" }, ` ${limits}`) : null, wrong),
      show(value) {
        const text = typeof value?.number === "number" ? String(value.number) : "";
        if (input.valueAsNumber !== value?.number) input.value = text;
        wrong.textContent = "";
      },
    };
  });
}

/** Which field of the browser's own asks for the parts of a moment that a config wants. */
function momentType(only) {
  const parts = only.toLowerCase().split(",").map((part) => part.trim()).filter(Boolean);
  if (parts.length === 1 && ["date", "time", "month"].includes(parts[0])) return parts[0];
  if (parts.length === 1 && parts[0] === "year") return "number";
  if (parts.includes("month") && parts.includes("year") && parts.length === 2) return "month";
  return "datetime-local";
}

export function dateTimeControl(desk, control) {
  return field(desk, control, (set) => {
    const { tag } = control;
    const type = momentType(tag.get("only"));
    const input = make("input", { type, class: "an-lb-input", "aria-label": tag.get("title") || control.name, min: tag.get("min") || null, max: tag.get("max") || null });
    const other = make("p", { class: "an-note" });
    input.addEventListener("input", () => { if (!input.validity.badInput) set(input.value ? { datetime: input.value } : null, `type-${control.name}`); });
    return {
      element: make("div", {}, input, other),
      show(value) {
        const text = typeof value?.datetime === "string" ? value.datetime : "";
        if (input.value !== text) input.value = text;
        // What the field cannot hold is still said.
        other.textContent = text && input.value !== text ? text : "";
      },
    };
  });
}
