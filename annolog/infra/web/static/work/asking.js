// Asking the API, as whoever has a session in this browser.

/** The API said no: `status` and `code` for programs, the message for people, `problem` for the rest. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
    this.code = problem?.code ?? "";
    this.problem = problem ?? {};
  }
}

/** Nobody answered, or nobody who could: the same may be asked again. `after` is in how many seconds, if that was said. */
export class Unreachable extends Error {
  constructor(message, after = 0) {
    super(message);
    this.after = after;
  }
}

const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);
const PATIENCE_MS = 30_000;

/** Ask. Gives the value; throws `Refusal` or `Unreachable`. `key` makes a command one command, however often it is sent. */
export async function ask(method, path, body, { key = "", keepalive = false, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const patience = keepalive ? undefined : AbortSignal.timeout(PATIENCE_MS);
  let response;
  try {
    response = await fetch(path, {
      method, headers, keepalive, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal && patience ? AbortSignal.any([signal, patience]) : signal ?? patience,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("The server cannot be reached.");
  }
  let value = null;
  try {
    const text = await response.text();
    value = text ? JSON.parse(text) : null;
  } catch {
    // What passes requests on may answer with a page of its own, and a connection may end in the middle.
    if (response.ok) throw new Unreachable("The answer did not arrive.");
  }
  if (response.ok) {
    if (value && typeof value === "object") Object.defineProperty(value, "serverTime", { value: Date.parse(response.headers.get("date") ?? "") || Date.now() });
    return value;
  }
  if (AGAIN.has(response.status)) throw new Unreachable(value?.detail || `The server answered ${response.status}.`, Number(response.headers.get("retry-after")) || 0);
  throw new Refusal(response.status, value);
}

/** A number that nobody else has: by it a command is known when it is sent again. */
export function freshKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
