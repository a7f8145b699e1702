// The verdicts that were given in this tab: to go back to them, and to take them back.

const MOST = 200;

export class Given {
  constructor(person, project) {
    this._place = `annolog.verdicts.${person}.${project}`;
    this.all = [];
    try { this.all = JSON.parse(sessionStorage.getItem(this._place) ?? "[]").filter((one) => Number.isSafeInteger(one?.task) && Number.isSafeInteger(one?.annotation)); } catch { /* begins anew */ }
  }

  get last() { return this.all.at(-1) ?? null; }

  /** A verdict: `{task, annotation, review, plain, verdict, action}`. */
  add(one) { this._become([...this.all.filter((other) => other.annotation !== one.annotation), one]); }

  /** It was taken back. */
  remove(one) { this._become(this.all.filter((other) => other.annotation !== one.annotation)); }

  /** The verdict on an annotation, or undefined. */
  of(annotation) { return this.all.find((one) => one.annotation === annotation); }

  /** The one before that on an annotation, or the last where that is not among them; null for none. */
  before(annotation) {
    const at = this._at(annotation);
    return (at < 0 ? this.all.at(-1) : this.all[at - 1]) ?? null;
  }

  /** The one after that on an annotation, null where that is the last or not among them. */
  after(annotation) {
    const at = this._at(annotation);
    return at < 0 ? null : this.all[at + 1] ?? null;
  }

  _at(annotation) { return this.all.findIndex((one) => one.annotation === annotation); }

  _become(all) {
    this.all = all.slice(-MOST);
    sessionStorage.setItem(this._place, JSON.stringify(this.all));
  }
}
