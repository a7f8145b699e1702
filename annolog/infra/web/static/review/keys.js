// What can be done on the review page by key. Each way to reject has its own, whatever the project's order is.

import { EVERYWHERE } from "/static/work/keymap.js";

/** By name: words and the usual key. */
export const REVIEW_ACTIONS = {
  accept: { words: "Accept", key: "ctrl+enter" },
  fix: { words: "Fix, or stop fixing", key: "alt+f" },
  reject: { words: "Reject as the project usually does", key: "alt+x" },
  return: { words: "Return to its author", key: "alt+1" },
  pass_on: { words: "Pass on to somebody else", key: "alt+2" },
  remove: { words: "Reject for good", key: "alt+3" },
  later: { words: "Later: leave it for now", key: "ctrl+space" },
  undo: { words: "Take the last verdict back", key: "alt+z" },
  back: { words: "Previous verdict", key: "alt+pageup" },
  next: { words: "Next annotation", key: "alt+pagedown" },
  differences: { words: "Differences to others, on or off", key: "alt+d" },
  all: { words: "All answers side by side", key: "alt+a" },
  ...EVERYWHERE,
};
