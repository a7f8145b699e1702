// Colours of labels: those of the config if they are colours, others by turns, and words on them that can be read.

const TURNS = ["#2f6fd0", "#c2410c", "#15803d", "#9333ea", "#b91c6b", "#0e7490", "#a16207", "#4d7c0f", "#5b5bd6", "#be123c", "#0f766e", "#7c5a3c"];

let pencil;

/** A colour as `[red, green, blue]`, or null for what is none. The browser itself reads it, so nothing else gets through. */
export function rgb(text) {
  const value = String(text ?? "").trim();
  if (!value || value.length > 64 || !/^[#a-z0-9(),.%\s/-]+$/i.test(value) || /url|var|\\/i.test(value)) return null;
  pencil ??= document.createElement("canvas").getContext("2d");
  const read = (start) => { pencil.fillStyle = start; pencil.fillStyle = value; return pencil.fillStyle; };
  const found = read("#000001");
  if (found !== read("#fffffe")) return null;
  if (found.startsWith("#")) return [1, 3, 5].map((at) => parseInt(found.slice(at, at + 2), 16));
  const numbers = found.match(/[\d.]+/g).map(Number);
  const alpha = numbers[3] ?? 1;
  return numbers.slice(0, 3).map((part) => Math.round(part * alpha + 255 * (1 - alpha)));
}

const hex = (parts) => `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** The colour of the label at a place of its control: its own, or one by turns. */
export function colorOf(text, place) {
  const own = rgb(text);
  return own ? hex(own) : TURNS[place % TURNS.length];
}

/** How bright a colour is, as WCAG counts. */
export function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever is read more easily on a colour; one of them always has a contrast of 4.5 at least. */
export function wordsOn(color) {
  const light = luminance(rgb(color) ?? [255, 255, 255]);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}
