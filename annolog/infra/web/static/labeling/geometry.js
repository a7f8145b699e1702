// Boxes: in percent of the image, as results say them, and in its pixels, as they are turned about their first corner.

export const toPixels = (value, size) => ({
  x: (value.x / 100) * size.width, y: (value.y / 100) * size.height,
  width: (value.width / 100) * size.width, height: (value.height / 100) * size.height, rotation: value.rotation || 0,
});

export const toPercent = (box, size, rotation = box.rotation) => ({
  x: (box.x / size.width) * 100, y: (box.y / size.height) * 100,
  width: (box.width / size.width) * 100, height: (box.height / size.height) * 100, rotation,
});

/** A step turned by degrees. */
export function turned(x, y, degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** The box between two points, cut at the edges of the image. */
export function between(one, other, size) {
  const clip = (number, most) => Math.min(Math.max(number, 0), most);
  const [left, right] = [clip(Math.min(one.x, other.x), size.width), clip(Math.max(one.x, other.x), size.width)];
  const [top, bottom] = [clip(Math.min(one.y, other.y), size.height), clip(Math.max(one.y, other.y), size.height)];
  return { x: left, y: top, width: right - left, height: bottom - top, rotation: 0 };
}

/** A box moved by some pixels, kept within the image where it is not turned. */
export function shifted(box, dx, dy, size) {
  let [x, y] = [box.x + dx, box.y + dy];
  if (!box.rotation) {
    x = Math.min(Math.max(x, 0), Math.max(size.width - box.width, 0));
    y = Math.min(Math.max(y, 0), Math.max(size.height - box.height, 0));
  } else {
    x = Math.min(Math.max(x, 0), size.width);
    y = Math.min(Math.max(y, 0), size.height);
  }
  return { ...box, x, y };
}

const LEAST = 1;

/** A box whose edge or corner (`n`, `se`, …) was pulled by some pixels; the opposite one stays where it is. */
export function pulled(box, handle, dx, dy, size) {
  const [across, down] = turned(dx, dy, -box.rotation);
  let [left, top, right, bottom] = [0, 0, box.width, box.height];
  if (handle.includes("w")) left = Math.min(left + across, right - LEAST);
  if (handle.includes("e")) right = Math.max(right + across, left + LEAST);
  if (handle.includes("n")) top = Math.min(top + down, bottom - LEAST);
  if (handle.includes("s")) bottom = Math.max(bottom + down, top + LEAST);
  if (!box.rotation) return between({ x: box.x + left, y: box.y + top }, { x: box.x + right, y: box.y + bottom }, size);
  const [x, y] = turned(left, top, box.rotation);
  return { x: box.x + x, y: box.y + y, width: right - left, height: bottom - top, rotation: box.rotation };
}
