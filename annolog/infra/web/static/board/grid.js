// The grid: AG Grid with columns made here, so that nothing which users wrote is ever taken for its options.
import * as AgGrid from "nicegui-aggrid";
import { make } from "./asking.js";
import { BLOCK } from "./source.js";
import { usualWidth, SELECT } from "./looks.js";

AgGrid.ModuleRegistry.registerModules([AgGrid.AllCommunityModule]);
const THEME = AgGrid.themeQuartz.withParams({
  backgroundColor: "var(--an-surface)", foregroundColor: "var(--an-ink)", textColor: "var(--an-ink)", cellTextColor: "var(--an-ink)",
  headerBackgroundColor: "var(--an-surface)", headerTextColor: "var(--an-quiet)", borderColor: "var(--an-line)", accentColor: "var(--an-accent)",
  rowHoverColor: "var(--an-hover)", oddRowBackgroundColor: "var(--an-surface)", chromeBackgroundColor: "var(--an-surface)",
  fontFamily: "inherit", fontSize: 13, headerFontSize: 12.5, headerFontWeight: 600, wrapperBorderRadius: 12, spacing: 6,
  iconColor: "var(--an-quiet)", valueChangeValueHighlightBackgroundColor: "var(--an-info-ground)",
});

// A box that stands for all matching tasks.
class SelectAll {
  init({ selection, hear }) {
    this.selection = selection;
    this.box = make("input", { type: "checkbox", class: "an-box", "aria-label": "Select all matching tasks", tabindex: "-1", onchange: () => { selection.setAll(this.box.checked); hear(); } });
    this.eGui = make("span", { class: "an-box-place" }, this.box);
    this.show();
  }
  show() { this.box.checked = this.selection.all && this.selection.ids.size === 0; this.box.indeterminate = !this.box.checked && !this.selection.isEmpty; }
  getGui() { return this.eGui; }
  refresh() { this.show(); return true; }
}

export class Grid {
  constructor(place, columns, selection, source, hear) {
    Object.assign(this, { columns, selection, source, hear });
    this.quiet = false;
    this.api = AgGrid.createGrid(place, {
      theme: THEME, rowModelType: "infinite", cacheBlockSize: BLOCK, maxBlocksInCache: 40, maxConcurrentDatasourceRequests: 1,
      infiniteInitialRowCount: 1, cacheOverflowSize: 2, blockLoadDebounceMillis: 40, rowBuffer: 6, rowHeight: 38, headerHeight: 38,
      columnDefs: [], defaultColDef: { sortable: true, resizable: true, minWidth: 60, suppressHeaderMenuButton: true, enableCellChangeFlash: true },
      suppressDragLeaveHidesColumns: true, suppressFieldDotNotation: true, ensureDomOrder: true, animateRows: false, enableCellTextSelection: true,
      cellFlashDuration: 900, suppressNoRowsOverlay: true,
      getRowClass: ({ data }) => (data && data.deleted ? "an-row-gone" : undefined),
      onSortChanged: () => { if (!this.quiet) hear.ordered(this.order()); },
      onColumnMoved: ({ finished, source: by }) => { if (finished && by.startsWith("ui")) hear.arranged(this.shown(), this.widths()); },
      onColumnResized: ({ finished, source: by }) => { if (finished && by.startsWith("ui")) hear.arranged(this.shown(), this.widths()); },
      onCellKeyDown: (event) => this.key(event),
      onCellClicked: ({ column, data }) => { if (column.getColId() === SELECT && data) this.toggle(data.task); },
      onRowDoubleClicked: ({ data }) => { if (data) hear.opened(data.task); },
      onBodyScrollEnd: () => hear.scrolled(),
      onFirstDataRendered: () => performance.mark("annolog-first-rows"),
    });
  }

  definition(column, shown, widths) {
    return {
      colId: column.name, headerName: column.heading, hide: !shown, width: widths[column.name] || usualWidth(column),
      // Its words, so that the grid sees when what is shown has changed.
      valueGetter: ({ data }) => (data ? this.columns.words(column, this.columns.value(column, data)) : ""),
      cellRenderer: ({ data }) => (data ? this.columns.cell(column, data) : make("span", { class: "an-cell-waiting" })),
      cellClass: ["number", "duration"].includes(column.kind) && column.name !== "task" ? "an-cell-number" : "",
      headerClass: ["number", "duration"].includes(column.kind) && column.name !== "task" ? "an-head-number" : "",
    };
  }

  // Which columns are shown, in their order. What is not shown is there all the same: the order may go by it.
  arrange(names, widths, order) {
    const rest = [...this.columns.byName.keys(), ...order.map((name) => name.replace(/^-/, ""))].filter((name) => !names.includes(name));
    const picked = {
      colId: SELECT, headerName: "", width: 46, minWidth: 46, maxWidth: 46, resizable: false, sortable: false, suppressMovable: true, pinned: "left", lockPosition: "left",
      headerComponent: SelectAll, headerComponentParams: { selection: this.selection, hear: () => this.marked() },
      valueGetter: ({ data }) => (data ? (this.selection.has(data.task) ? "selected" : "not selected") : ""),
      enableCellChangeFlash: false, cellClass: "an-box-place",
      cellRenderer: ({ data }) => (data ? make("input", { type: "checkbox", class: "an-box", tabindex: "-1", checked: this.selection.has(data.task), "aria-label": `Select task ${data.task}` }) : make("span")),
    };
    const definitions = [...names, ...new Set(rest)].map((name) => this.definition(this.columns.get(name), names.includes(name), widths));
    this.quiet = true;
    this.api.setGridOption("columnDefs", [picked, ...definitions]);
    this.api.applyColumnState({ state: [{ colId: SELECT }, ...definitions.map(({ colId, hide, width }) => ({ colId, hide, width }))], applyOrder: true });
    this.sort(order);
    this.quiet = false;
  }

  sort(order) {
    const state = order.map((name, index) => ({ colId: name.replace(/^-/, ""), sort: name.startsWith("-") ? "desc" : "asc", sortIndex: index }));
    this.quiet = true;
    this.api.applyColumnState({ state, defaultState: { sort: null, sortIndex: null } });
    this.quiet = false;
  }

  order() {
    const sorted = this.api.getColumnState().filter((one) => one.sort).sort((one, other) => one.sortIndex - other.sortIndex);
    return sorted.map(({ colId, sort }) => (sort === "desc" ? `-${colId}` : colId));
  }
  shown() { return this.api.getColumnState().filter((one) => !one.hide && one.colId !== SELECT).map((one) => one.colId); }
  widths() {
    const found = {};
    for (const { colId, hide, width } of this.api.getColumnState()) if (!hide && colId !== SELECT && width !== usualWidth(this.columns.get(colId))) found[colId] = Math.round(width);
    return found;
  }

  begin() {
    if (this.api.getGridOption("datasource")) this.api.purgeInfiniteCache();
    else this.api.setGridOption("datasource", this.source);
  }

  key({ event, data, column }) {
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") { event.preventDefault(); this.hear.opened(data.task); }
    if (event.key === " ") { event.preventDefault(); this.toggle(data.task, column); }
  }

  toggle(task) { this.selection.toggle(task); this.marked(); }
  marked() { this.api.refreshCells({ columns: [SELECT], force: true }); this.api.refreshHeader(); }

  // The blocks that are looked at, by number.
  inSight() {
    const first = this.api.getFirstDisplayedRowIndex(), last = this.api.getLastDisplayedRowIndex();
    // Where there are no rows, the first block is looked at all the same.
    if (first < 0 || last < 0) return [0];
    const found = [];
    for (let number = Math.floor(first / BLOCK); number <= Math.floor(last / BLOCK); number += 1) found.push(number);
    return found;
  }

  // Put newer rows where the old ones are: neither scroll nor selection nor focus moves. Returns which tasks changed.
  replace(number, rows) {
    const changed = [];
    rows.forEach((row, index) => {
      const node = this.api.getDisplayedRowAtIndex(number * BLOCK + index);
      if (!node || !node.data) return;
      if (node.data.task !== row.task) { node.setData(row); changed.push(row.task); }
      else if (JSON.stringify(node.data) !== JSON.stringify(row)) { node.updateData(row); changed.push(row.task); }
    });
    return changed;
  }
  lengthen(count) { this.api.setRowCount(count, true); }
}
