// The labeling configs of a project, by version: the one that came with the page, others asked for once.

import { ask } from "./asking.js";

export class Configs {
  constructor(project, version, config) {
    this._project = project;
    this._known = new Map([[version, config]]);
  }

  /** The one that was learned of last. */
  get latest() { return [...this._known.values()].at(-1); }

  /** The config of a version. */
  async of(version) {
    if (!this._known.has(version)) {
      const found = await ask("GET", `/v1/projects/${this._project}`);
      this._known.set(found.config_version, found.label_config);
      return found.label_config;
    }
    return this._known.get(version);
  }
}
