// Spans painted into a text that is rendered once. A change touches only the pieces that it is about.

import { make } from "./dom.js";
import { below } from "./offsets.js";

/**
 * A text in runs (`{host, start, end}`: an element and the code units of `text` that it shows, in order) with spans in
 * it: `{id, start, end, color, words, look}`, also overlapping and within each other.
 */
export class Surface {
  constructor(text, runs) {
    this.text = text;
    this.runs = runs;
    this.spans = new Map();
    this.selected = null;
    this._starts = runs.map((run) => run.start);
    this._marks = new Map();
    this._places = new WeakMap();
    for (const run of runs) {
      run.spans = new Set();
      run.pieces = [];
      this._repaint(run);
    }
  }

  /** Show these spans and no others; those that are the same objects as before are left alone. */
  show(next) {
    const dirty = new Set();
    for (const [id, span] of this.spans) if (next.get(id) !== span) this._each(span, (run) => { run.spans.delete(span); dirty.add(run); });
    for (const [id, span] of next) if (this.spans.get(id) !== span) this._each(span, (run) => { run.spans.add(span); dirty.add(run); });
    this.spans = next;
    for (const run of dirty) this._repaint(run);
  }

  /** Mark one span as the one people work on. */
  select(id) {
    for (const mark of this._marks.get(this.selected) ?? []) mark.classList.remove("an-lb-selected");
    this.selected = id;
    for (const mark of this._marks.get(id) ?? []) mark.classList.add("an-lb-selected");
  }

  /** Bring a span into view. */
  reveal(id) {
    const [mark] = this._marks.get(id) ?? [];
    mark?.scrollIntoView({ block: "nearest" });
  }

  /** The spans at a place of the page, the shortest first. */
  at(node) {
    const mark = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("mark.an-lb-span");
    return mark?.anSpans ?? [];
  }

  /** The code unit at a place of the page's tree, null outside the text. */
  unit(node, offset) {
    if (node.nodeType === Node.TEXT_NODE) {
      const start = this._places.get(node);
      return start === undefined ? null : start + offset;
    }
    const inside = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const child = node.childNodes[offset];
    let last = null;
    for (let text = inside.nextNode(); text; text = inside.nextNode()) {
      const start = this._places.get(text);
      if (start === undefined) continue;
      if (child && (child === text || child.contains(text) || child.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) return start;
      last = start + text.length;
    }
    return last;
  }

  /** The place in the page's tree of a code unit, as `[node, offset]`. */
  place(unit) {
    const run = this.runs[Math.max(0, below(this._starts, unit + 1) - 1)];
    if (!run) return null;
    const piece = run.pieces.find((one) => unit < one.end) ?? run.pieces.at(-1);
    return [piece.text, Math.min(Math.max(unit - piece.start, 0), piece.text.length)];
  }

  _each(span, act) {
    for (let at = Math.max(0, below(this._starts, span.start + 1) - 1); at < this.runs.length && this.runs[at].start < span.end; at++) {
      if (this.runs[at].end > span.start) act(this.runs[at]);
    }
  }

  _repaint(run) {
    const wanted = pieces(run);
    const have = run.pieces;
    let head = 0;
    while (head < wanted.length && head < have.length && wanted[head].key === have[head].key && sameSpans(wanted[head], have[head])) head++;
    let tail = 0;
    while (tail < wanted.length - head && tail < have.length - head) {
      const [one, other] = [wanted[wanted.length - 1 - tail], have[have.length - 1 - tail]];
      if (one.key !== other.key || !sameSpans(one, other)) break;
      tail++;
    }
    const after = tail ? have[have.length - tail].node : null;
    for (const piece of have.slice(head, have.length - tail)) this._remove(piece);
    const fresh = wanted.slice(head, wanted.length - tail);
    const nodes = fresh.map((piece) => this._make(piece));
    if (after) after.before(...nodes); else run.host.append(...nodes);
    run.pieces = [...have.slice(0, head), ...fresh, ...have.slice(have.length - tail)];
  }

  _remove(piece) {
    piece.node.remove();
    for (const span of piece.spans) this._marks.get(span.id)?.delete(piece.node);
  }

  _make(piece) {
    piece.text = document.createTextNode(this.text.slice(piece.start, piece.end));
    this._places.set(piece.text, piece.start);
    piece.node = piece.text;
    if (!piece.spans.length) return piece.node;
    const [top, below] = piece.spans;
    const ending = piece.spans.filter((span) => span.end === piece.end && span.words).map((span) => shortened(span.words));
    const looks = [...new Set(piece.spans.map((span) => span.look).filter(Boolean))].map((look) => `an-lb-${look}`);
    const mark = make("mark", { class: ["an-lb-span", ...looks].join(" "), "data-label": ending.length ? ending.join(" · ") : null }, piece.text);
    mark.style.setProperty("--an-c", top.color);
    if (below) mark.style.setProperty("--an-below", below.color);
    mark.anSpans = piece.spans;
    for (const span of piece.spans) {
      if (!this._marks.has(span.id)) this._marks.set(span.id, new Set());
      this._marks.get(span.id).add(mark);
      if (span.id === this.selected) mark.classList.add("an-lb-selected");
    }
    piece.node = mark;
    return mark;
  }
}

const LONGEST = 24;
const shortened = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST).toWellFormed()}…` : words);

const sameSpans = (one, other) => one.spans.length === other.spans.length && one.spans.every((span, at) => span === other.spans[at]);

/** A run cut wherever a span begins or ends; the shortest span of a piece comes first. */
function pieces(run) {
  const spans = [...run.spans].sort((one, other) => one.end - one.start - (other.end - other.start) || other.start - one.start);
  const edges = [...new Set([run.start, run.end, ...spans.flatMap((span) => [Math.max(span.start, run.start), Math.min(span.end, run.end)])])].sort((one, other) => one - other);
  const found = [];
  for (let at = 0; at < edges.length - 1; at++) {
    const [start, end] = [edges[at], edges[at + 1]];
    found.push({ start, end, key: `${start}-${end}`, spans: spans.filter((span) => span.start < end && span.end > start) });
  }
  return found.length ? found : [{ start: run.start, end: run.end, key: "", spans: [] }];
}
