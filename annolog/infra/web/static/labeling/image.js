// Image: enlarged, moved and turned to be looked at; what is drawn on it lies in its own pixels.

import { button, draw, make, notice } from "./dom.js";
import { reference, resolve } from "./config.js";
import { boxes } from "./boxes.js";
import { turned } from "./geometry.js";
import { mediaAddress } from "./sanitize.js";

const MOST_ZOOM = 20;

export function imageObject(desk, tag) {
  const name = tag.get("name");
  const value = resolve(tag.get("value"), desk.data);
  if (value === undefined) return notice(`The task has no ${reference(tag.get("value")) ?? tag.get("value") ?? "image"}.`);
  const address = mediaAddress(value, "image");
  const view = new Viewer(desk, name, address);
  view.sized(sizeInResults(desk, name));
  boxes(desk, tag, view);
  return view.element;
}

/** The size that results tell, so that regions are shown also while an image loads, or when it does not. */
function sizeInResults(desk, name) {
  const item = desk.answers.items.find((one) => one.to_name === name && one.original_width > 0 && one.original_height > 0);
  return item ? { width: item.original_width, height: item.original_height } : { width: 640, height: 400 };
}

/** An image and the drawing on it. `size` is in pixels of the image. */
export class Viewer {
  constructor(desk, name, address) {
    this.loaded = false;
    this.zoom = 1;
    this.turn = 0;
    this.shift = { x: 0, y: 0 };
    this._resized = [];
    this.image = make("img", { class: "an-lb-picture", alt: "", draggable: "false", referrerpolicy: "no-referrer" });
    this.drawing = draw("svg", { class: "an-lb-drawing", "aria-hidden": "true" });
    this.canvas = make("div", { class: "an-lb-canvas" }, this.image, this.drawing);
    this.stage = make("div", { class: "an-lb-stage", tabindex: "0", role: "group", "aria-label": `Image ${name}. ${desk.readonly ? "" : "Enter draws a box of the label in use; arrows move the selected box, Shift with arrows resizes it."}` }, this.canvas);
    this.problem = make("p", { class: "an-lb-notice", role: "alert", hidden: true }, "The image cannot be loaded.");
    this.element = make("div", { class: "an-lb-image" }, this._tools(), this.stage, this.problem);
    this.image.addEventListener("load", () => { this.loaded = true; this.sized({ width: this.image.naturalWidth || 640, height: this.image.naturalHeight || 400 }); });
    this.image.addEventListener("error", () => this._failed());
    if (address) this.image.src = address; else this._failed();
    this.stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.enlarge(event.deltaY < 0 ? 1.15 : 1 / 1.15, event);
    }, { passive: false });
    const watching = new ResizeObserver(() => this.place());
    watching.observe(this.stage);
    desk.on("end", () => watching.disconnect());
  }

  _failed() {
    this.problem.hidden = false;
    this.image.hidden = true;
  }

  _tools() {
    const tool = (words, icon, act) => button(words, act, { icon, small: true });
    return make("div", { class: "an-lb-tools", role: "group", "aria-label": "Image view" },
      tool("Enlarge", "+", () => this.enlarge(1.3)), tool("Reduce", "−", () => this.enlarge(1 / 1.3)),
      tool("Fit", "⤢", () => { this.zoom = 1; this.shift = { x: 0, y: 0 }; this.place(); }),
      tool("Turn by 90 degrees", "⟳", () => { this.turn = (this.turn + 90) % 360; this.place(); }));
  }

  /** Learn how large the image is. */
  sized(size) {
    this.size = size;
    this.drawing.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    for (const act of this._resized) act();
    this.place();
  }

  onSize(act) { this._resized.push(act); }

  /** How many pixels of the screen one of the image takes. */
  get scale() {
    const room = this.stage.clientWidth || 640;
    const lying = this.turn % 180 !== 0;
    const [width, height] = lying ? [this.size.height, this.size.width] : [this.size.width, this.size.height];
    return Math.min(room / width, Math.max(240, window.innerHeight * 0.68) / height, 4);
  }

  place() {
    if (!this.size) return;
    const scale = this.scale;
    const lying = this.turn % 180 !== 0;
    const height = (lying ? this.size.width : this.size.height) * scale;
    this.stage.style.height = `${Math.round(height)}px`;
    const { style } = this.canvas;
    style.width = `${this.size.width * scale}px`;
    style.height = `${this.size.height * scale}px`;
    style.transform = `translate(-50%, -50%) translate(${this.shift.x}px, ${this.shift.y}px) rotate(${this.turn}deg) scale(${this.zoom})`;
    // Lines, handles and words keep their size on the screen.
    this.drawing.style.setProperty("--an-pixel", `${1 / (scale * this.zoom)}px`);
  }

  /** Enlarge about a point of the screen, or the middle. */
  enlarge(factor, at = null) {
    const zoom = Math.min(Math.max(this.zoom * factor, 0.5), MOST_ZOOM);
    const real = zoom / this.zoom;
    const box = this.stage.getBoundingClientRect();
    const x = at ? at.clientX - box.left - box.width / 2 : 0;
    const y = at ? at.clientY - box.top - box.height / 2 : 0;
    this.shift = { x: x - (x - this.shift.x) * real, y: y - (y - this.shift.y) * real };
    this.zoom = zoom;
    this.place();
  }

  pan(dx, dy) {
    this.shift = { x: this.shift.x + dx, y: this.shift.y + dy };
    this.place();
  }

  /** A step on the screen in pixels of the image. */
  step(dx, dy) {
    const [x, y] = turned(dx, dy, -this.turn);
    const by = this.scale * this.zoom;
    return { x: x / by, y: y / by };
  }

  /** A point of the screen in pixels of the image. */
  point(event) {
    const box = this.stage.getBoundingClientRect();
    const step = this.step(event.clientX - box.left - box.width / 2 - this.shift.x, event.clientY - box.top - box.height / 2 - this.shift.y);
    return { x: step.x + this.size.width / 2, y: step.y + this.size.height / 2 };
  }

  /** The middle of what is in view, in pixels of the image. */
  get middle() {
    const box = this.stage.getBoundingClientRect();
    return this.point({ clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 });
  }
}
