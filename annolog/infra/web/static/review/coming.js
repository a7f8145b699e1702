// Where the next annotation comes from: the project's stream, or one that is named.

import { Refusal, ask } from "/static/work/asking.js";
import { Configs } from "/static/work/configs.js";
import { Hold } from "./hold.js";

/** The annotation is none that may be shown now. */
export class NotShown extends Error {}

export class Coming {
  constructor(person, project, config, configVersion) {
    this._project = project;
    this.configs = new Configs(project, configVersion, config);
    this._later = [];
    this._hold = new Hold(person);
  }

  /** The next of the stream: `{work, page, again}`; `again` says that what was left for later has come round. */
  async next() {
    let again = false;
    let work;
    try {
      work = await this._asked();
    } catch (error) {
      if (!(error instanceof Refusal && error.code === "no-work") || !this._later.length) throw error;
      this._later = [];
      again = true;
      work = await this._asked();
    }
    const page = work.stage === "second" ? null : await ask("GET", `/v1/tasks/${work.task}`);
    return { work, page, again, serverTime: work.serverTime };
  }

  /** This very annotation. */
  async of(task, annotation) {
    const page = await ask("GET", `/v1/tasks/${task}`);
    const own = page.annotations.find((one) => one.id === annotation);
    if (!own) throw new NotShown(`Annotation ${annotation} is not shown.`);
    const work = { stage: "given", task, annotation, data: page.data, revision: own.revision, result: own.result, config_version: this.configs.version };
    return { work, page, again: false, serverTime: page.serverTime };
  }

  /** Leave a task to others, and for now to oneself. */
  async later(task) {
    this._later = [...this._later.filter((one) => one !== task), task].slice(-100);
    await ask("DELETE", `/v1/tasks/${task}/review`);
    this._hold.over(task);
  }

  /** The page goes away: what was handed out and not judged is left to others, but for a task that is being judged. */
  leave(judging) { this._hold.leave(judging); }

  /** There is a verdict on a task, so it is not kept from others any more. */
  judged(task) { this._hold.over(task); }

  /** Whether there would be something. */
  async waits() { return (await ask("GET", `/v1/projects/${this._project}/review/waiting`)).waiting; }

  async _asked() {
    const passing = this._later.map((task) => `passing=${task}`).join("&");
    const work = await ask("POST", `/v1/projects/${this._project}/review/next${passing ? `?${passing}` : ""}`);
    this._hold.begin(work.task);
    return work;
  }
}
