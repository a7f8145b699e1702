// What people are called, as far as whoever looks is shown names.

import { ask } from "/static/work/asking.js";

export class People {
  constructor(project, me) {
    this._project = project;
    this._me = me;
    this._names = null;
  }

  /** Ask for the names, once. */
  async learn() {
    this._names ??= ask("GET", `/v1/projects/${this._project}/people`).then(({ people }) => new Map(people.map((one) => [one.person, String(one.name || one.handle || `person ${one.person}`)])));
    try {
      this._known = await this._names;
    } catch (error) {
      this._names = null;
      throw error;
    }
  }

  /** A person as the API names them: a number, or words where names are hidden. */
  who(person, otherwise = "Somebody") {
    if (person === null || person === undefined) return otherwise;
    if (typeof person !== "number") return sentence(person);
    return person === this._me ? "You" : this._known?.get(person) ?? otherwise;
  }
}

const sentence = (words) => { const text = String(words); return text.charAt(0).toUpperCase() + text.slice(1); };
