// The labeling config of a project, which may become another one while somebody works.

import { withoutGone } from "/static/labeling/fitting.js";
import { Refusal, Unreachable, ask } from "./asking.js";

export class Configs {
  constructor(project, version, config) {
    this._project = project;
    this._known = new Map([[version, config]]);
    this.version = version;
  }

  /** The one in force, as far as is known. */
  get latest() { return this._known.get(this.version); }

  /** That of a version; where the page has not had it, the one in force. */
  async of(version) {
    if (!this._known.has(version)) await this._learn();
    return this._known.get(version) ?? this.latest;
  }

  /**
   * How work that was refused can be gone on with, if what it was refused for is that the config became another one:
   * `{config, result, version}`, null otherwise. `version` is that under which the work was shown.
   */
  async after(refusal, version, result) {
    const { errors } = refusal.problem;
    if (!["unknown-label", "invalid-result"].includes(refusal.code) || !errors || !result) return null;
    try {
      await this._learn();
    } catch (error) {
      // Whoever sends the work again is refused again, and then it is asked for again.
      if (error instanceof Refusal || error instanceof Unreachable) return null;
      throw error;
    }
    if (refusal.code === "invalid-result" && this.version === version) return null;
    return { config: this.latest, result: withoutGone(result, errors), version: this.version };
  }

  async _learn() {
    const found = await ask("GET", `/v1/projects/${this._project}`);
    this.version = found.config_version;
    this._known.set(found.config_version, found.label_config);
  }
}
