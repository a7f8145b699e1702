// What this component does not draw of a config, so that somebody can be told, or shown another editor.

import { controlsIn } from "./controls.js";
import { labelsControl, usesOf } from "./labels.js";
import { isDrawn, madeBy } from "./layout.js";

/** The tags of a config, as a tree, that are not drawn here, or whose regions are not: each becomes a notice. */
export function undrawn(tree) {
  const controls = controlsIn([...tree.walk()], {});
  const found = [];
  const look = (tag) => {
    if (!isDrawn(tag.key)) { found.push(tag); return; }
    const control = controls.get(tag.get("name"));
    if (control?.tag === tag && madeBy(tag.key) === labelsControl && !Object.values(usesOf(control)).some(Boolean)) found.push(tag);
    else if (["text", "hypertext", "html"].includes(tag.key) && tag.get("valueType") === "url") found.push(tag);
    else if (["view", "panel", "collapse"].includes(tag.key)) for (const child of tag.children) look(child);
  };
  look(tree);
  return found;
}
