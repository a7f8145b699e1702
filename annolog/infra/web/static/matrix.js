// A heat map that is a real table: numbers in its cells, arrows to walk through it, Enter to look closer.
const WORDS = { high: "high", middle: "middling", low: "low", none: "nothing in common" };

export default {
  template: `
    <div class="an-scroll an-matrix-scroll">
      <table class="an-matrix" role="grid" :aria-label="name" @keydown="walk">
        <thead>
          <tr>
            <th class="an-matrix-corner" scope="col">{{ corner }}</th>
            <th v-for="head in heads" scope="col" class="an-matrix-head" :title="head.name"><span>{{ head.name }}</span></th>
          </tr>
        </thead>
        <tbody>
          <tr v-for="(row, y) in rows" :class="{ 'an-matrix-average': row.average }">
            <th scope="row" :title="row.name"
              ><a v-if="row.href" class="an-link" :href="row.href">{{ row.name }}</a><span v-else>{{ row.name }}</span></th>
            <td v-for="(cell, x) in row.cells" :class="'an-band-' + cell.band"
              :tabindex="y === at.y && x === at.x ? 0 : -1" :ref="(found) => keep(found, y, x)"
              :aria-label="said(row, x, cell)" :title="said(row, x, cell)"
              @click="choose(y, x)" @focus="at = { y, x }"
              ><template v-if="cell.band !== 'self'"><b>{{ cell.shown }}</b><small>{{ cell.tasks }}</small></template></td>
          </tr>
        </tbody>
      </table>
    </div>`,
  props: { name: String, corner: String, heads: Array, rows: Array },
  emits: ["pick"],
  data: () => ({ at: { y: 0, x: 0 } }),
  created() {
    this.cells = new Map();
  },
  methods: {
    keep(found, y, x) {
      if (found) this.cells.set(`${y} ${x}`, found);
    },
    said(row, x, cell) {
      const other = this.heads[x].name;
      if (cell.band === "self") return row.name;
      if (cell.band === "none") return `${row.name}, ${other}: ${WORDS.none}`;
      return `${row.name}, ${other}: ${cell.shown} %, ${WORDS[cell.band]}, ${cell.tasks} tasks`;
    },
    choose(y, x) {
      if (this.rows[y].cells[x].pick) this.$emit("pick", { y, x });
    },
    walk(event) {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const { y, x } = this.at;
      if (event.target.tagName === "A") return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.choose(y, x);
      } else if (step) {
        event.preventDefault();
        this.cells.get(`${y + step[0]} ${x + step[1]}`)?.focus();
      }
    },
  },
};
