// Begins the labeling page once the frame around it is there.

import { Bench } from "./bench.js";

/** The work goes on without the channel of the frame: where that is lost, the page is not to be loaded anew under it. */
export function withoutTheChannel() {
  if (window.socket) window.socket.io.reconnection(false);
  else setTimeout(withoutTheChannel, 200);
}

/** Begin, in an element: `{project, person, task, config, configVersion, instructions}`. */
export async function begin(root, given) {
  const bench = new Bench(root, given);
  withoutTheChannel();
  await bench.begin();
}
