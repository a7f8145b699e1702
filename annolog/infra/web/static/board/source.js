// Rows for the grid, block by block. The API goes on from cursors, so each block's cursor is kept: scrolling up again asks
// for the same block, at the same cost, wherever in a million rows it is.
import { ask } from "./asking.js";

export const BLOCK = 100;

export class Source {
  constructor(project, hear) {
    this.path = `/v1/projects/${project}/tasks/query`;
    this.hear = hear;
    this.filters = null;
    this.order = [];
    this.least = 0;
    this.early = null;
    this.begin();
  }

  // Another query: what is still on its way belongs to the one before.
  begin() { this.turn = (this.turn || 0) + 1; this.cursors = [null]; this.asOf = []; this.count = null; }

  // Ask for the first rows before there is a grid to show them.
  ahead(filters, order) {
    this.filters = filters; this.order = order;
    this.early = this.fetch(0).then((rows) => ({ rows }), (error) => ({ error }));
  }

  async block(number) {
    if (number === 0 && this.early) {
      const { rows, error } = await this.early;
      this.early = null;
      if (error) throw error;
      return rows;
    }
    const turn = this.turn;
    // Blocks are asked for in their order; one whose cursor is not known is reached from the last one that has one.
    while (this.cursors[number] === undefined && turn === this.turn && this.count === null) await this.fetch(this.cursors.length - 1);
    return this.cursors[number] === undefined ? [] : this.fetch(number);
  }

  async fetch(number) {
    const turn = this.turn;
    const body = { filters: this.filters, order: this.order, limit: BLOCK, cursor: this.cursors[number] ?? null };
    const { value, position } = await ask("POST", this.least ? `${this.path}?min_position=${this.least}` : this.path, body, { reads: true });
    if (turn !== this.turn) return value.tasks;
    this.asOf[number] = position;
    if (value.next_cursor) {
      this.cursors[number + 1] = value.next_cursor;
      // There are more by now than when the end was seen.
      if (this.count !== null && this.count <= (number + 1) * BLOCK) this.count = null;
    } else {
      this.count = number * BLOCK + value.tasks.length;
      this.cursors.length = number + 1;
    }
    return value.tasks;
  }

  // What AG Grid asks for, in the order that its headers say.
  async getRows({ startRow, sortModel, successCallback, failCallback }) {
    const order = sortModel.map(({ colId, sort }) => (sort === "desc" ? `-${colId}` : colId));
    if (order.join("\n") !== this.order.join("\n")) { this.order = order; this.early = null; this.begin(); }
    const number = startRow / BLOCK, turn = this.turn;
    try {
      const rows = await this.block(number);
      if (turn !== this.turn) return;
      successCallback(rows, this.count ?? -1);
      this.hear.rows(rows, number);
    } catch (error) {
      if (turn !== this.turn) return;
      failCallback();
      this.hear.refused(error);
    }
  }
}
