// Begins the review page once the frame around it is there.

import { withoutTheChannel } from "/static/work/page.js";
import { Stream } from "./stream.js";

/** Begin, in an element: `{project, person, task, annotation, config, configVersion, instructions, rules, agreement}`. */
export async function begin(root, given) {
  const stream = new Stream(root, given);
  withoutTheChannel();
  await stream.begin();
}
