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
  // Its canvases are read at every move of the pointer, to see what is under it; browsers ask to be told.
  const context = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function getContext(kind, options) {
    return context.call(this, kind, kind === "2d" ? { willReadFrequently: true, ...options } : options);
  };
  // When a shape is finished the editor replaces what it was while it was drawn, and looks at the old one once more on the
  // way: its library warns of each such look, dozens of times a shape. Everything else is said as ever.
  const warn = console.warn.bind(console);
  const REPLACED = "[mobx-state-tree] You are trying to read or write to an object that is no longer part of a state tree";
  console.warn = (...said) => { if (!String(said[0]?.message ?? said[0]).startsWith(REPLACED)) warn(...said); };
  // A sandbox has no such dialogs. What is asked here can be taken back.
  Object.assign(window, { confirm: () => true, alert: () => {}, prompt: () => null });

  // After something was done, when to look what became of it: some of it happens a little later.
  const LOOKS_MS = [60, 350, 1200];
  const SIGN_EVERY_MS = 5_000;
  const WORDS_MS = 400;
  // What the page around has itself is left out: handing in, skipping, going on.
  const INTERFACES = ["panel", "controls", "side-column", "edit-history"];

  const ABSENT = "The image is not there yet, so what was changed on it cannot be told. Wait for it, or load the page again.";
  const READY_EVERY_MS = 100;
  // Of an item, what an image or a sound decides by being measured, and the numbers that are answers.
  const MEASURED = ["original_width", "original_height", "original_length", "image_rotation", "globalOffsets"];
  const ANSWERED = ["rating", "number"];

  let port = null;
  let store = null;
  let keys = [];
  // By name: what was given, what of that the editor does not show, how each item was before somebody did something.
  let given = new Map();
  let unshown = new Map();
  let before = null;
  let last = new Map();
  const there = new Set();
  let selected = null;
  let signed = -Infinity;

  const tell = (kind, more = {}) => port?.postMessage({ kind, ...more });
  const annotation = () => store?.annotationStore?.selected ?? null;
  const isRelation = (item) => item.type === "relation";
  const nameOf = (item) => JSON.stringify(isRelation(item) ? ["relation", item.from_id, item.to_id] : [item.id, item.from_name, item.to_name, item.type]);
  const byName = (list) => new Map(list.map((item) => [nameOf(item), item]));
  // Brushes are packed where they are to be told, not where it is only to be seen whether something changed.
  const quick = () => byName(JSON.parse(JSON.stringify(annotation().serializeAnnotation({ fast: true }))));
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // An image is there once it has been measured: what is on it is told in other numbers until then, or not at all.
  const isThere = (one) => (one.type === "image" ? one.naturalWidth > 1 && one.stageWidth > 1 : one.isReady !== false);
  const isOnAbsentImage = (item) => "original_width" in item && annotation().objects.some((one) => one.name === item.to_name && one.type === "image" && !isThere(one));
  const unmeasured = (item) => JSON.stringify(item, (key, value) => {
    if (MEASURED.includes(key)) return undefined;
    return typeof value === "number" && !ANSWERED.includes(key) ? 0 : value;
  });

  /** How an untouched item looks: as before the first thing that somebody does, and as it is once its image has come. */
  function track() {
    const come = annotation().objects.filter((one) => !there.has(one.name) && isThere(one)).map((one) => one.name);
    if (before && !come.length) return;
    const now = quick();
    for (const name of come) there.add(name);
    if (!before) {
      before = now;
      last = new Map(now);
      setApart();
      return;
    }
    for (const [name, item] of now) {
      if (!come.includes(item.to_name)) continue;
      for (const kept of [before, last]) if (kept.has(name) && unmeasured(kept.get(name)) === unmeasured(item)) kept.set(name, item);
    }
  }

  /** What was given and is not shown goes along. What the editor has given another name to is still the same. */
  function setApart() {
    for (const [name, item] of [...given]) {
      if (before.has(name)) continue;
      const [id] = JSON.parse(name);
      const same = [...before].filter(([other, one]) => !given.has(other) && !isRelation(one) && one.id === id);
      const found = same.find(([, one]) => one.from_name === item.from_name) ?? same[0];
      given.delete(name);
      if (found) given.set(found[0], item); else unshown.set(name, item);
    }
  }

  /**
   * What is to be handed in: what was given and not touched exactly as it was, also where the editor does not show it.
   * Null where a change cannot be told because its image is not there.
   */
  function result(now) {
    const found = [];
    let results = null;
    for (const [name, item] of now) {
      unshown.delete(name);
      if (given.has(name) && alike(before.get(name), item)) { found.push(given.get(name)); continue; }
      if (isRelation(item)) { found.push(item); continue; }
      results ??= new Map(annotation().results.map((one) => [nameOf({ id: one.area.cleanId, from_name: one.from_name?.name, to_name: one.to_name?.name, type: one.type }), one]));
      const full = isOnAbsentImage(item) ? null : results.get(name)?.serialize();
      if (!full) return null;
      found.push(JSON.parse(JSON.stringify(full)));
    }
    const ids = (list) => new Set([...list.values()].map((one) => one.id));
    const [had, has] = [ids(before), ids(now)];
    // What belongs to a region goes with it.
    const isGone = (name) => JSON.parse(name).some((id) => had.has(id) && !has.has(id));
    return JSON.stringify([...found, ...[...unshown].filter(([name]) => !isGone(name)).map(([, item]) => item)]);
  }

  /** Tell what has changed since it was told last. */
  function look() {
    if (!annotation() || !before) return;
    track();
    const now = quick();
    if (!alike([...now], [...last])) {
      const told = result(now);
      if (told !== null) {
        last = now;
        tell("changed", { result: told });
      }
    }
    const chosen = annotation().highlightedNode?.cleanId ?? null;
    if (chosen !== selected) {
      selected = chosen;
      tell("selected", { id: chosen });
    }
  }

  /** An image may come at any time. */
  function wait() {
    const waiting = setInterval(() => {
      const objects = annotation()?.objects ?? [];
      if (before && objects.some((one) => !there.has(one.name) && isThere(one))) look();
      if (before && objects.every((one) => there.has(one.name))) clearInterval(waiting);
    }, READY_EVERY_MS);
  }

  function done() {
    for (const wait of LOOKS_MS) setTimeout(look, wait);
  }

  /** Somebody is about to do something. */
  function begun() {
    if (annotation()) track();
    const now = performance.now();
    if (now - signed > SIGN_EVERY_MS) {
      signed = now;
      tell("sign");
    }
  }

  /** As labeling/keys.js has both, which a page without an origin may not import: the combination that is pressed. */
  function pressed(event) {
    if (["Control", "Alt", "Shift", "Meta", "AltGraph"].includes(event.key)) return "";
    let key = event.key === " " ? "space" : event.key.toLowerCase();
    if (event.altKey) key = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? { Period: ".", Comma: "," }[event.code] ?? key;
    const shift = event.shiftKey && (key.length > 1 || event.ctrlKey || event.altKey || /[a-z]/.test(key));
    return [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", shift ? "shift" : "", key].filter(Boolean).join("+");
  }

  const typing = (target) => target instanceof Element
    && (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=range], [type=button])"));

  function passKeysOn(event) {
    if (event.isComposing || event.repeat || (typing(event.target) && !(event.ctrlKey || event.altKey || event.metaKey))) return;
    if (!keys.includes(pressed(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    look();
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    tell("key", { event: { key, code, ctrlKey, altKey, shiftKey, metaKey } });
  }

  function show({ config, data, result: brought, task, person }) {
    // The editor would name them by itself, and each time otherwise.
    const named = brought.map((item) => (isRelation(item) || item.id ? item : { ...item, id: crypto.getRandomValues(new Uint32Array(2)).join("-") }));
    // Of two by one name it shows the first.
    const single = named.filter((item, at) => {
      const name = nameOf(item);
      if (given.has(name)) { unshown.set(JSON.stringify([item.id, at]), brought[at]); return false; }
      given.set(name, brought[at]);
      return true;
    });
    const shown = (found) => {
      store = found;
      leaveOut(single);
      if (unshown.size) tell("unshown", { count: unshown.size });
      new ResizeObserver(() => tell("height", { height: document.body.scrollHeight })).observe(document.getElementById("label-studio"));
      wait();
      tell("shown");
    };
    new window.LabelStudio("label-studio", {
      config, interfaces: INTERFACES, user: { pk: person, firstName: "", lastName: "" },
      task: { id: task, data, annotations: [{ result: single }], predictions: [] }, onStorageInitialized: shown,
    });
  }

  /** A single item that the editor cannot read would keep it from all that follow: it begins anew without such items. */
  function leaveOut(named) {
    const editing = annotation();
    if (!editing) return;
    const drawn = (one) => !(one.area.classification && one.type.endsWith("labels"));
    const lacks = (item) => {
      if (isRelation(item)) return !editing.relationStore.serializeAnnotation().some((one) => nameOf(one) === nameOf(item));
      const results = editing.results.filter((one) => one.area.cleanId === item.id && drawn(one));
      return !results.some((one) => one.from_name?.name === item.from_name) && results.length < named.filter((one) => one.id === item.id).length;
    };
    if (!named.some(lacks)) return;
    const unread = new Set(named.filter((item) => {
      if (lacks(item)) editing.deserializeResults([item]);
      return lacks(item);
    }));
    const read = new Set(named.filter((item) => !unread.has(item)).map((item) => item.id));
    for (const item of named) if (isRelation(item) && !(read.has(item.from_id) && read.has(item.to_id))) unread.add(item);
    for (const item of unread) {
      unshown.set(nameOf(item), given.get(nameOf(item)));
      given.delete(nameOf(item));
    }
    store.resetState();
    store.initializeStore({ annotations: [{ result: named.filter((item) => !unread.has(item)) }] });
  }

  /** The last word: what somebody is still writing counts, and where something is missing the editor says what. */
  async function answer({ number, last: handsIn }) {
    const editing = annotation();
    if (!editing) { tell("answer", { number, valid: false, words: "", result: null }); return; }
    begun();
    if (handsIn) editing.beforeSend();
    look();
    const told = result(quick());
    if (told === null) { tell("answer", { number, valid: false, words: ABSENT, result: null }); return; }
    const valid = !handsIn || editing.validate() !== false;
    tell("answer", { number, valid, words: valid ? "" : await wordsOfDialog(), result: told });
  }

  /** What a dialog of the editor says, which is closed: the page around says it. */
  async function wordsOfDialog() {
    const until = performance.now() + WORDS_MS;
    while (performance.now() < until) {
      const dialog = document.querySelector(".ant-modal-confirm");
      if (dialog) {
        const words = dialog.querySelector(".ant-modal-confirm-content")?.textContent ?? "";
        dialog.querySelector(".ant-modal-confirm-btns button")?.click();
        return words;
      }
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return "";
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
  };

  const failed = (error) => tell("failed", { message: String(error?.message ?? error).split("\n")[0] });

  function begin(event) {
    // Only the page around, of the place that this one came from.
    if (port || event.source !== window.parent || event.origin !== location.origin || event.data?.annolog !== "begin") return;
    [port] = event.ports;
    port.onmessage = async ({ data }) => {
      try {
        await HEARD[data.kind](data);
      } catch (error) {
        failed(error);
      }
    };
    const during = (name, act) => window.addEventListener(name, act, true);
    for (const name of ["pointerdown", "mousedown", "wheel", "keydown", "beforeinput"]) during(name, begun);
    during("pointermove", () => { if (performance.now() - signed > SIGN_EVERY_MS) begun(); });
    for (const name of ["pointerup", "mouseup", "click", "dblclick", "keyup", "input", "change", "drop"]) during(name, done);
    during("keydown", passKeysOn);
    window.addEventListener("blur", look);
    // A config that the editor cannot read ends its beginning, and nothing else says so.
    window.addEventListener("unhandledrejection", (problem) => { if (!store) failed(problem.reason); });
  }

  window.addEventListener("message", begin);
  window.addEventListener("DOMContentLoaded", () => {
    if (typeof window.LabelStudio === "function") window.parent.postMessage({ annolog: "ready" }, location.origin);
  });
})();
