// A labeling config as a tree of tags. Names of tags and attributes are read in any case, as Label Studio reads them.

/** One tag: its name as written, its attributes, and the tags inside it. */
export class Tag {
  constructor(element, parent) {
    this.name = element.tagName;
    this.key = element.tagName.toLowerCase();
    this.parent = parent;
    this.attributes = new Map([...element.attributes].map((one) => [one.name.toLowerCase(), one.value]));
    this.children = [...element.children].map((child) => new Tag(child, this));
  }

  /** An attribute as written, empty when it is not given. */
  get(name) { return this.attributes.get(name.toLowerCase()) ?? ""; }

  /** Whether an attribute is switched on. */
  says(name) { return this.get(name).trim().toLowerCase() === "true"; }

  /** A number in an attribute, or the one to take without it. */
  number(name, otherwise = null) {
    const text = this.get(name).trim();
    const found = Number(text);
    return text && Number.isFinite(found) ? found : otherwise;
  }

  /** The objects that a control is about. */
  get targets() { return this.get("toName").split(",").map((name) => name.trim()).filter(Boolean); }

  /** The outermost tag. */
  get root() { return this.parent ? this.parent.root : this; }

  /** This tag and all below it, in the order of the document. */
  *walk() {
    yield this;
    for (const child of this.children) yield* child.walk();
  }
}

/** The tree of a config, or an Error in words. Documents with a DOCTYPE are refused, as the server refuses them. */
export function readConfig(xml) {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new Error("The labeling config declares a document type, which is not allowed.");
  const document = new DOMParser().parseFromString(xml, "text/xml");
  if (document.querySelector("parsererror")) throw new Error("The labeling config is not well-formed XML.");
  return new Tag(document.documentElement, null);
}

const WHOLE = /^\$([\w-]+)((?:[.[].*)?)$/s;

/** What an attribute stands for in a task: `$text` its data, `$a.b[0]` a part of it, anything else itself. */
export function resolve(text, data) {
  const whole = WHOLE.exec(String(text).trim());
  if (whole) return part(own(data, whole[1]), whole[2]);
  return String(text).replace(/\$([^\W\d]\w*)/g, (reference, name) => (has(data, name) ? words(data[name]) : reference));
}

/** Data as words: texts as they are, everything else as JSON. */
export function words(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const has = (data, name) => data !== null && typeof data === "object" && Object.hasOwn(data, name);
const own = (data, name) => (has(data, name) ? data[name] : undefined);

function part(value, path) {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce((found, step) => own(found, step.replace(/^["']|["']$/g, "")), value);
}

/** The `$name` that an attribute refers to as a whole, if any. */
export const reference = (text) => WHOLE.exec(String(text).trim())?.[1] ?? null;

/**
 * The labels of a control as `{value, alias, color, hotkey, hint, path, children}`, those of the config first, then those
 * that come with the task (`value="$labels"`: texts or objects). `value` is what results say.
 */
export function optionsOf(tag, kind, data) {
  const fromTags = (children, path) => children.flatMap((child) => {
    if (child.key !== kind) return kind === "choice" && child.children.length ? fromTags(child.children, path) : [];
    const shown = resolve(child.get("value"), data);
    const option = { value: child.get("alias") || words(shown), shown: words(shown), color: child.get("background"), hotkey: child.get("hotkey"), hint: child.get("hint"), path: [] };
    if (!option.value) return [];
    option.path = [...path, option.value];
    option.children = fromTags(child.children, option.path);
    return [option];
  });
  const fromData = (found, path, depth = 0) => (Array.isArray(found) && depth < 64 ? found : []).flatMap((one) => {
    const given = one !== null && typeof one === "object" ? one : { value: one };
    const shown = words(given.value);
    if (!shown) return [];
    const option = { value: words(given.alias) || shown, shown, color: words(given.background), hotkey: words(given.hotkey), hint: words(given.hint), path: [] };
    option.path = [...path, option.value];
    option.children = fromData(given.children, option.path, depth + 1);
    return [option];
  });
  const dynamic = reference(tag.get("value")) ? resolve(tag.get("value"), data) : null;
  return [...fromTags(tag.children, []), ...fromData(dynamic, [])];
}

/** Options and all below them, in order. */
export const flat = (options) => options.flatMap((option) => [option, ...flat(option.children)]);
