// Regions on an image: boxes drawn, moved and resized by pointer and by keys; other shapes are shown.

import { draw, setAll } from "./dom.js";
import { wordsOn } from "./colors.js";
import { between, pulled, shifted, toPercent, toPixels } from "./geometry.js";
import { addRegion, moveRegion, unchanged } from "./regions.js";

const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const LEAST = 3;

export function boxes(desk, tag, view) {
  const name = tag.get("name");
  const shown = new Map();
  const layer = draw("g"), ghosts = draw("g", { class: "an-lb-ghosts" }), handles = draw("g", { class: "an-lb-handles" });
  const preview = draw("rect", { class: "an-lb-preview", visibility: "hidden" });
  view.drawing.append(ghosts, layer, preview, handles);
  for (const handle of HANDLES) handles.append(draw("rect", { class: `an-lb-handle an-lb-handle-${handle}`, "data-handle": handle }));

  const mine = (region) => region && region.target === name;
  const selectedBox = () => (mine(desk.region) && desk.region.shape === "rectangle" ? toPixels(desk.region.items[0].value, view.size) : null);
  const frame = () => ({ original_width: view.size.width, original_height: view.size.height, image_rotation: 0 });

  const show = () => {
    const present = new Set();
    for (const region of desk.regions.values()) {
      if (!mine(region) || desk.hidden.has(region.id)) continue;
      present.add(region.id);
      const before = shown.get(region.id);
      const look = desk.lookOf(region.id);
      if (before && unchanged(before.region, region) && before.look === look && before.size === view.size) continue;
      const node = before?.node ?? layer.appendChild(draw("g", { "data-region": region.id }));
      paint(node, region, view.size, desk.colorOf(region), region.labels.join(", "), look);
      node.classList.toggle("an-lb-selected", region.id === desk.selected);
      shown.set(region.id, { node, region, look, size: view.size });
    }
    for (const [id, one] of shown) if (!present.has(id)) { one.node.remove(); shown.delete(id); }
    showGhosts();
    showHandles();
  };
  const showGhosts = () => {
    if (ghosts.anFrom === desk.differences && ghosts.anSize === view.size) return;
    [ghosts.anFrom, ghosts.anSize] = [desk.differences, view.size];
    ghosts.replaceChildren(...(desk.differences?.ghosts ?? []).filter((one) => one.region.target === name && one.region.shape !== "span").map((one) => {
      const node = draw("g");
      paint(node, one.region, view.size, one.color, `${one.who}: ${one.region.labels.join(", ")}`, "ghost");
      return node;
    }));
  };
  const showHandles = (box = selectedBox()) => {
    handles.setAttribute("visibility", box && !desk.readonly && !desk.hidden.has(desk.selected) ? "visible" : "hidden");
    if (!box) return;
    handles.setAttribute("transform", `rotate(${box.rotation} ${box.x} ${box.y})`);
    for (const node of handles.children) {
      const at = node.dataset.handle;
      const x = box.x + (at.includes("w") ? 0 : at.includes("e") ? box.width : box.width / 2);
      const y = box.y + (at.includes("n") ? 0 : at.includes("s") ? box.height : box.height / 2);
      node.style.transform = `translate(${x}px, ${y}px)`;
    }
  };
  const select = (id) => {
    for (const one of shown.values()) one.node.classList.toggle("an-lb-selected", one.region.id === id);
    const chosen = shown.get(id);
    if (chosen) layer.append(chosen.node);
  };

  /** Who makes a box now: the control in use, with the one that draws for it where it only labels. */
  const makers = () => {
    const active = desk.activeFor(name, (control) => control.draws);
    if (!active) return null;
    if (active.control.type !== "labels") return [active];
    const drawer = [...desk.controls.values()].find((control) => control.type === "rectangle" && control.targets.includes(name));
    return drawer ? [{ control: drawer, labels: [] }, active] : null;
  };
  const add = (box) => {
    const id = addRegion(desk.answers, name, toPercent(box, view.size), makers(), frame());
    desk.select(id, "image");
    desk.say(`Box added: ${desk.active?.labels.join(", ") ?? ""}`);
  };
  const move = (box, go) => moveRegion(desk.answers, desk.selected, toPercent(box, view.size), go);

  pointing(view, {
    begin(event, point) {
      const handle = event.target.dataset?.handle;
      const id = event.target.closest?.("[data-region]")?.dataset.region ?? null;
      const box = selectedBox();
      if (!desk.readonly && handle && box) return dragging(box, point, (dx, dy) => pulled(box, handle, dx, dy, view.size));
      if (!desk.readonly && id && id === desk.selected && box) return dragging(box, point, (dx, dy) => shifted(box, dx, dy, view.size));
      if (!desk.readonly && makers()) return drawing(point, id);
      if (id) { desk.select(id, "image"); return null; }
      return { move: (_, step) => view.pan(step.x, step.y), end: (_, moved) => { if (!moved) desk.select(null, "image"); }, cancel() {} };
    },
  });

  function dragging(box, from, change) {
    let latest = box;
    const node = shown.get(desk.selected)?.node;
    const region = desk.region;
    const put = (next) => {
      if (node) paint(node, { ...region, items: [{ ...region.items[0], value: toPercent(next, view.size) }] }, view.size, desk.colorOf(region), region.labels.join(", "), desk.lookOf(region.id));
      showHandles(next);
    };
    return {
      move(point) { latest = change(point.x - from.x, point.y - from.y); put(latest); },
      end(_, moved) { if (moved) move(latest); },
      cancel() { put(box); },
    };
  }

  function drawing(from, id) {
    let box = null;
    const done = () => preview.setAttribute("visibility", "hidden");
    return {
      move(point) {
        box = between(from, point, view.size);
        setAll(preview, { ...box, rotation: null, visibility: "visible" });
      },
      end() {
        done();
        const least = LEAST / (view.scale * view.zoom);
        if (box && box.width > least && box.height > least) add(box);
        else desk.select(id, "image");
      },
      cancel: done,
    };
  }

  view.stage.addEventListener("keydown", (event) => {
    if (desk.readonly || event.ctrlKey || event.metaKey || event.target !== view.stage) return;
    const box = selectedBox();
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step && box) {
      const share = event.altKey ? 0.001 : 0.01;
      const [dx, dy] = [step[0] * share * view.size.width, step[1] * share * view.size.height];
      move(event.shiftKey ? pulled(box, "se", dx, dy, view.size) : shifted(box, dx, dy, view.size), `arrows-${desk.selected}`);
    } else if (event.key === "Enter" && makers()) {
      const { x, y } = view.middle;
      const [width, height] = [view.size.width * 0.1, view.size.height * 0.1];
      add(between({ x: x - width, y: y - height }, { x: x + width, y: y + height }, view.size));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  view.onSize(show);
  desk.watch(show);
  desk.onSelect((id) => select(id));
}

/** Pointers on a stage: one draws or moves, two enlarge. */
function pointing(view, { begin }) {
  const down = new Map();
  let task = null, moved = false;
  const stop = () => { task?.cancel(); task = null; };
  view.stage.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    down.set(event.pointerId, event);
    if (down.size > 1) { stop(); return; }
    moved = false;
    task = event.button === 1 ? { move: (_, step) => view.pan(step.x, step.y), end() {}, cancel() {} } : begin(event, view.point(event));
    view.stage.setPointerCapture(event.pointerId);
    view.stage.focus({ preventScroll: true });
  });
  view.stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    if (down.size === 2) {
      const [other] = [...down.values()].filter((one) => one.pointerId !== event.pointerId);
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      if (apart(before) > 0) view.enlarge(apart(event) / apart(before), { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 });
    } else if (task) {
      moved = true;
      task.move(view.point(event), { x: event.clientX - before.clientX, y: event.clientY - before.clientY });
    }
    down.set(event.pointerId, event);
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    const ended = task;
    task = null;
    if (event.type === "pointerup") ended?.end(view.point(event), moved); else ended?.cancel();
  };
  view.stage.addEventListener("pointerup", up);
  view.stage.addEventListener("pointercancel", up);
}

/** Draw a region into its group. */
function paint(group, region, size, color, words, look) {
  const { value } = region.items[0];
  const number = (found) => (Number.isFinite(found) ? found : 0);
  const [x, y] = [(number(value.x) / 100) * size.width, (number(value.y) / 100) * size.height];
  const turn = value.rotation ? `rotate(${number(value.rotation)} ${x} ${y})` : null;
  let shape = null;
  if (region.shape === "rectangle") shape = draw("rect", { x, y, width: (Math.max(number(value.width), 0) / 100) * size.width, height: (Math.max(number(value.height), 0) / 100) * size.height, transform: turn });
  else if (region.shape === "ellipse") shape = draw("ellipse", { cx: x, cy: y, rx: (number(value.radiusX) / 100) * size.width, ry: (number(value.radiusY) / 100) * size.height, transform: turn });
  else if (region.shape === "keypoint") shape = draw("circle", { cx: x, cy: y, r: size.width * 0.006 });
  else if (region.shape === "polygon" && Array.isArray(value.points)) shape = draw("polygon", { points: value.points.map((point) => `${(number(point?.[0]) / 100) * size.width},${(number(point?.[1]) / 100) * size.height}`).join(" ") });
  group.setAttribute("class", `an-lb-box${look ? ` an-lb-${look}` : ""}${group.classList.contains("an-lb-selected") ? " an-lb-selected" : ""}`);
  group.style.setProperty("--an-c", color);
  group.style.setProperty("--an-on-c", wordsOn(color));
  if (!shape) { group.replaceChildren(); return; }
  const label = draw("text", { x, y, class: "an-lb-box-words", transform: turn }, words);
  group.replaceChildren(shape, label);
}
