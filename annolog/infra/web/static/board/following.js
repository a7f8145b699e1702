// Rows that go on by themselves: the log's position is looked at, and when it moved the rows in sight are asked for anew.
import { ask } from "./asking.js";

const EVERY_MS = 3000;
const CALM_MS = 15000;

export class Following {
  constructor(board) { this.board = board; this.position = 0; this.stopped = false; this.again(EVERY_MS); }

  again(wait) { this.timer = setTimeout(() => this.once(), wait); }
  stop() { this.stopped = true; clearTimeout(this.timer); }

  async once() {
    if (this.stopped) return;
    let wait = EVERY_MS;
    if (!document.hidden) {
      try {
        const { position } = await ask("GET", `/v1/projects/${this.board.given.project}/rights`);
        this.quiet();
        if (position > this.position) { this.position = position; await this.refresh(); }
      } catch (error) {
        if (error.status === 403 || error.status === 404) { this.board.showRefused(error.message); return; }
        wait = CALM_MS;
        this.board.notice(`Not up to date: ${error.message}`, "bad");
        this.said = true;
      }
    }
    if (!this.stopped) this.again(wait);
  }

  quiet() { if (this.said) { this.said = false; this.board.notice(""); } }

  scrolled() { if (this.position) this.refresh().catch(() => {}); }

  // Only blocks that are in sight and older than what is known to have happened.
  async refresh() {
    const { grid, source } = this.board;
    const turn = source.turn;
    for (const number of grid.inSight()) {
      if (source.asOf[number] === undefined || source.asOf[number] >= this.position) continue;
      const before = source.count;
      const rows = await source.fetch(number);
      if (turn !== source.turn) return;
      // What was empty has rows, or the other way round.
      if (number === 0 && (before === 0) !== (source.count === 0)) { this.board.anew(); return; }
      grid.replace(number, rows);
      if (source.count !== null && source.count !== before) { grid.lengthen(source.count); this.board.count(); }
      if (number === 0) this.board.came(rows, 0);
    }
  }
}
