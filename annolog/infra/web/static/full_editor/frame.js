// Inside the frame: begins the editor with what the page around it says, and tells that what becomes of it.
// No module: a page without an origin may load none.

(() => {
  "use strict";
  // The editor keeps its looks there, and a page without an origin has no such place.
  for (const name of ["localStorage", "sessionStorage"]) {
    const kept = new Map();
    const storage = { getItem: (key) => kept.get(String(key)) ?? null, setItem: (key, value) => { kept.set(String(key), String(value)); }, removeItem: (key) => { kept.delete(String(key)); }, clear: () => kept.clear() };
    Object.defineProperty(window, name, { value: storage });
  }

  // After something was done, when to look what became of it: some of it happens a little later.
  const LOOKS_MS = [80, 350, 1200];
  const SIGN_EVERY_MS = 5_000;
  // What the page around has itself is left out: handing in, skipping, going on.
  const INTERFACES = ["panel", "controls", "side-column", "topbar", "edit-history", "annotations:current"];

  let port = null;
  let store = null;
  let keys = [];
  let known = null;
  let selected = null;
  let signed = -Infinity;

  const tell = (kind, more = {}) => port.postMessage({ kind, ...more });
  const annotation = () => store?.annotationStore?.selected ?? null;
  const items = (how) => JSON.parse(JSON.stringify(annotation()?.serializeAnnotation(how) ?? []));

  /** Tell what has changed since it was told last. */
  function look() {
    if (!annotation() || known === null) return;
    const now = JSON.stringify(items({ fast: true }));
    if (now !== known) {
      known = now;
      tell("changed", { result: items() });
    }
    const chosen = annotation().selectedRegions?.[0]?.cleanId ?? null;
    if (chosen !== selected) {
      selected = chosen;
      tell("selected", { id: chosen });
    }
  }

  function done() {
    for (const wait of LOOKS_MS) setTimeout(look, wait);
  }

  /** Before the first thing that somebody does, what is there counts as unchanged: images have been measured by then. */
  function begun() {
    if (known === null && annotation()) known = JSON.stringify(items({ fast: true }));
    const now = performance.now();
    if (now - signed > SIGN_EVERY_MS) {
      signed = now;
      tell("sign");
    }
  }

  /** The combination that is pressed, in the form in which the page around keeps its keys (work/keymap.js). */
  function pressed(event) {
    if (["Control", "Alt", "Shift", "Meta", "AltGraph"].includes(event.key)) return "";
    let key = event.key === " " ? "space" : event.key.toLowerCase();
    if (event.altKey && /^Key[A-Z]$/.test(event.code)) key = event.code.slice(3).toLowerCase();
    const shift = event.shiftKey && (key.length > 1 || event.ctrlKey || event.altKey || /[a-z]/.test(key));
    return [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", shift ? "shift" : "", key].filter(Boolean).join("+");
  }

  function passKeysOn(event) {
    const writes = event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]");
    if (event.isComposing || event.repeat || (writes && !(event.ctrlKey || event.altKey || event.metaKey))) return;
    if (!keys.includes(pressed(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    look();
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    tell("key", { event: { key, code, ctrlKey, altKey, shiftKey, metaKey } });
  }

  function show({ config, data, result, task, person }) {
    const found = { id: task, data, annotations: [{ id: "own", result }], predictions: [] };
    const loaded = (given) => {
      store = given.annotationStore ? given : given.store;
      const own = store.annotationStore.annotations[0];
      store.annotationStore.selectAnnotation(own.id);
      tell("shown");
    };
    new window.LabelStudio("label-studio", { config, interfaces: INTERFACES, user: { pk: person, firstName: "", lastName: "" }, task: found, onLabelStudioLoad: loaded });
  }

  function answer({ number }) {
    const editing = annotation();
    if (editing && known !== null) look();
    tell("answer", { number, valid: editing ? editing.validate() !== false : false, result: editing && known !== null ? items() : null });
  }

  function select({ id }) {
    const editing = annotation();
    if (!editing) return;
    const area = [...editing.areas.values()].find((one) => one.cleanId === id);
    if (area) editing.selectArea(area); else editing.unselectAll();
    look();
  }

  const HEARD = {
    show, select, answer,
    keys: (said) => { keys = said.keys; },
    undo: () => { begun(); annotation()?.undo(); done(); },
    redo: () => { begun(); annotation()?.redo(); done(); },
  };

  function begin(event) {
    // Only the page around, of the place that this one came from.
    if (port || event.source !== window.parent || event.origin !== location.origin || event.data?.annolog !== "begin") return;
    [port] = event.ports;
    port.onmessage = ({ data }) => {
      try {
        HEARD[data.kind](data);
      } catch (error) {
        tell("failed", { message: String(error?.message ?? error) });
      }
    };
    const during = (name, act) => window.addEventListener(name, act, true);
    for (const name of ["pointerdown", "mousedown", "wheel", "keydown", "beforeinput"]) during(name, begun);
    during("pointermove", () => { if (performance.now() - signed > SIGN_EVERY_MS) begun(); });
    for (const name of ["pointerup", "mouseup", "click", "dblclick", "keyup", "input", "change", "drop"]) during(name, done);
    during("keydown", passKeysOn);
  }

  window.addEventListener("message", begin);
  window.addEventListener("DOMContentLoaded", () => {
    if (typeof window.LabelStudio === "function") window.parent.postMessage({ annolog: "ready" }, location.origin);
  });
})();
