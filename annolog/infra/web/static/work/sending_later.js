// Sends what an earlier page could not, from a page on which nothing is labeled.

import { make } from "./elements.js";
import { Outbox } from "./outbox.js";
import { ofWaiting } from "./telling.js";

/** Begin, in an element in which it is said what waits. */
export async function sendLater(root, person) {
  const words = make("p", { class: "an-work-waits", role: "status" });
  root.append(words);
  const outbox = new Outbox(person, (waiting, signedOut) => { words.textContent = ofWaiting(waiting, signedOut); });
  await outbox.begin();
}
