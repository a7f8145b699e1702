// Places in texts. Browsers count UTF-16 code units; Label Studio's results, and Python, count code points.

/** Both ways between code units and code points of one text; free where no character takes two units. */
export class Offsets {
  constructor(text) {
    this.text = text;
    this._wide = [];
    if (/[\ud800-\udfff]/.test(text)) {
      for (let at = 0; at < text.length; at++) {
        if (text.codePointAt(at) > 0xffff) { this._wide.push(at); at++; }
      }
    }
  }

  /** How many code points there are before a code unit. */
  points(unit) {
    return unit - below(this._wide, unit);
  }

  /** The code unit at which a code point begins. */
  unit(point) {
    let low = 0, high = this._wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this._wide[middle] - middle < point) low = middle + 1; else high = middle;
    }
    return Math.min(point + low, this.text.length);
  }
}

/** How many of sorted numbers are less than one. */
export function below(sorted, number) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < number) low = middle + 1; else high = middle;
  }
  return low;
}

/** The words of a text as `[start, end)` in code units, found once and when first asked for. */
export class Words {
  constructor(text) {
    this._text = text;
    this._found = null;
  }

  get all() {
    this._found ??= [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(this._text)]
      .filter((one) => one.isWordLike || /\S/.test(one.segment))
      .map((one) => [one.index, one.index + one.segment.length]);
    return this._found;
  }

  /** The place among the words of the one that begins at or after a code unit, or holds it. */
  at(unit) {
    let low = 0, high = this.all.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle][1] <= unit) low = middle + 1; else high = middle;
    }
    return Math.max(low, 0);
  }
}

const RUN = 400;

/**
 * `[start, end)` cut into pieces of some hundred characters, between words. Each is painted within an element of its own,
 * since a browser looks at all neighbours of what comes and goes.
 */
export function cuts(text, start, end) {
  const found = [];
  while (end - start > RUN * 1.5) {
    const space = text.slice(start + RUN, end).search(/\s/);
    const at = space < 0 || space > RUN ? end : start + RUN + space + 1;
    if (at >= end) break;
    found.push([start, at]);
    start = at;
  }
  return [...found, [start, end]];
}

const NEAR = 64;

/** `[start, end)` grown so that it cuts no character as people see it: no half emoji, no letter without its accents. */
export function wholeCharacters(text, start, end) {
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const edges = (unit) => {
    const from = Math.max(0, unit - NEAR);
    const found = letters.segment(text.slice(from, unit + NEAR)).containing(unit - from);
    return found ? [from + found.index, from + found.index + found.segment.length] : [unit, unit];
  };
  const [first] = edges(start);
  const [lastStart, lastEnd] = edges(end);
  return [first, lastStart === end ? end : lastEnd];
}

/** The next edge of a character from a code unit, forwards or backwards. */
export function nextCharacter(text, unit, step) {
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  if (step > 0) return unit + ([...letters.segment(text.slice(unit, unit + NEAR))][0]?.segment.length ?? 0);
  const before = [...letters.segment(text.slice(Math.max(0, unit - NEAR), unit))];
  return unit - (before.at(-1)?.segment.length ?? 0);
}
