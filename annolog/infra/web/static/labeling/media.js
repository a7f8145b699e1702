// Audio and Video: played with the browser's own controls, at any speed, by keys as well.

import { make, notice, shownKey } from "./dom.js";
import { reference, resolve } from "./config.js";
import { mediaAddress } from "./sanitize.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const STEP_SECONDS = 5;

export function mediaObject(desk, tag) {
  const kind = tag.key === "video" ? "video" : "audio";
  const name = tag.get("name");
  const address = mediaAddress(resolve(tag.get("value"), desk.data), kind);
  if (!address) return notice(`The task has no ${kind} at ${reference(tag.get("value")) ?? "its address"} that can be played.`);
  const player = make(kind, { controls: true, preload: "metadata", src: address, "aria-label": `${kind === "video" ? "Video" : "Audio"} ${name}`, class: "an-lb-player" });
  player.preservesPitch = true;
  const speed = make("select", { class: "an-lb-select", "aria-label": "Speed" }, ...SPEEDS.map((one) => make("option", { value: one, selected: one === 1 }, `${one} ×`)));
  speed.addEventListener("change", () => { player.playbackRate = Number(speed.value); });
  const problem = make("p", { class: "an-lb-notice", role: "alert", hidden: true }, `The ${kind} cannot be loaded.`);
  player.addEventListener("error", () => { problem.hidden = false; });
  desk.keys.on("play", () => { if (player.paused) player.play().catch(() => { problem.hidden = false; }); else player.pause(); });
  desk.keys.on("back", () => { player.currentTime = Math.max(0, player.currentTime - STEP_SECONDS); });
  desk.keys.on("forward", () => { player.currentTime += STEP_SECONDS; });
  const keys = ["play", "back", "forward"].map((action) => shownKey(desk.keys.of(action)));
  return make("div", { class: "an-lb-media" }, player, make("div", { class: "an-lb-row" }, speed, make("span", { class: "an-note" }, `${keys[0]} plays, ${keys[1]} and ${keys[2]} go ${STEP_SECONDS} s back and forth`)), problem);
}
