// What the full editor draws, so that it is offered where it helps and nowhere else.

// The tags of version 1.4.0. It has a few more: it shows HyperText in a frame of its own page's origin, and ours has none;
// and its List and Ranker are not those of later versions.
export const DRAWN = new Set([
  "audio", "audioplus", "brush", "brushlabels", "channel", "choice", "choices", "collapse", "ellipse", "ellipselabels", "filter",
  "header", "image", "keypoint", "keypointlabels", "label", "labels", "number", "pairwise", "panel", "paragraphlabels",
  "paragraphs", "polygon", "polygonlabels", "rating", "rectangle", "rectanglelabels", "relation", "relations", "shortcut",
  "style", "table", "taxonomy", "text", "textarea", "timeseries", "timeserieslabels", "video", "view",
]);

/** The tags of a config, as a tree, that the full editor does not have. A single one would keep it from beginning. */
export const undrawnInFull = (tree) => [...tree.walk()].filter((tag) => !DRAWN.has(tag.key));
