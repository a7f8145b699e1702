// Asking the API from the page: same origin, so the session goes along. A refusal comes as an error that says why.
export class Refused extends Error {
  constructor(status, problem) {
    super((problem && (problem.detail || problem.title)) || `The server answered ${status}.`);
    this.status = status;
    this.wrong = (problem && problem.errors) || [];
  }
}

const key = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);

export async function ask(method, path, body, { signal, reads = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST" && !reads) headers["Idempotency-Key"] = key();
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "The server cannot be reached." });
  }
  const text = await response.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { value = { detail: text.slice(0, 300) }; }
  if (response.status === 401) { window.annolog.signInAgain(); }
  if (!response.ok) throw new Refused(response.status, value);
  return { value, position: Number(response.headers.get("x-position") || 0) };
}

// Elements with what is in them as text; attributes are named by us alone.
export function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
    else if (value === true) found.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) found.setAttribute(name, value);
  }
  found.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return found;
}

export function button(words, onclick, kind = "plain", attributes = {}) {
  const { icon, ...more } = attributes;
  const inner = icon ? [make("i", { class: "q-icon notranslate material-icons", "aria-hidden": "true" }, icon)] : [];
  return make("button", { type: "button", class: `an-do an-do-${kind}`, onclick, ...more }, ...inner, words === "" ? null : make("span", {}, words));
}

let numbered = 0;
// A field with its label; the label is seen unless it is said to be hidden.
export function labelled(label, control, hidden = false) {
  control.id = control.id || `an-field-${++numbered}`;
  return make("div", { class: "an-field" }, make("label", { for: control.id, class: hidden ? "an-visually-hidden" : "" }, label), control);
}

export function choice(options, value, attributes = {}) {
  const found = make("select", { class: "an-input", ...attributes });
  for (const [key, words] of options) found.append(make("option", { value: key, selected: String(key) === String(value) }, words));
  return found;
}
