// Which tasks somebody has been through: in this tab, to go back to them, and in this browser, to go on with what they
// left unfinished.

const MOST = 200;

export class Trail {
  constructor(person, project) {
    this._tab = `annolog.trail.${person}.${project}`;
    this._browser = `annolog.left.${person}.${project}`;
    this.tasks = [];
    try { this.tasks = JSON.parse(sessionStorage.getItem(this._tab) ?? "[]").filter(Number.isSafeInteger); } catch { /* begins anew */ }
  }

  /** A task was answered. */
  add(task) {
    this.tasks = [...this.tasks.filter((one) => one !== task), task].slice(-MOST);
    sessionStorage.setItem(this._tab, JSON.stringify(this.tasks));
  }

  /** The task before one, or the latest where that is not among them; null for none. */
  before(task) {
    const at = this.tasks.indexOf(task);
    return (at < 0 ? this.tasks.at(-1) : this.tasks[at - 1]) ?? null;
  }

  /** The task after one, null where that is the latest or not among them. */
  after(task) {
    const at = this.tasks.indexOf(task);
    return at < 0 ? null : this.tasks[at + 1] ?? null;
  }

  /** Remember that a task was left unfinished. */
  leave(task) { localStorage.setItem(this._browser, String(task)); }

  /** The task that was left unfinished, once; null for none. */
  takeUp() {
    const found = Number(localStorage.getItem(this._browser));
    localStorage.removeItem(this._browser);
    return Number.isSafeInteger(found) && found > 0 ? found : null;
  }
}
