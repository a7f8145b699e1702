// Which tasks are meant: some, or all that meet the filter but some. Survives scrolling, order and refreshing.
export class Selection {
  constructor(changed) { this.changed = changed; this.all = false; this.ids = new Set(); }

  has(task) { return this.all !== this.ids.has(task); }
  get isEmpty() { return !this.all && this.ids.size === 0; }

  set(task, wanted) {
    if (this.has(task) === wanted) return;
    if (this.ids.has(task)) this.ids.delete(task); else this.ids.add(task);
    this.changed();
  }
  toggle(task) { this.set(task, !this.has(task)); }
  setAll(wanted) { this.all = wanted; this.ids.clear(); this.changed(); }
  clear() { this.setAll(false); }

  // As the API takes it.
  body(filters) {
    return this.all ? { filters: filters || { conjunction: "and", items: [] }, excluded: [...this.ids] } : { tasks: [...this.ids] };
  }
  get tooMany() { return this.all ? this.ids.size > 10000 : this.ids.size > 1000; }
  words(total) {
    if (!this.all) return `${this.ids.size.toLocaleString("en-US")} selected`;
    const of = total === null ? "All matching tasks" : `All ${total} matching tasks`;
    return this.ids.size ? `${of} but ${this.ids.size}` : of;
  }
}
