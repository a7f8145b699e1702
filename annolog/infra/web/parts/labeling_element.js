// The labeling component as an element of NiceGUI. What it shows comes as one JSON text, so that no name that somebody
// gave in a task is ever taken for something to be run.
import { mount } from "/static/labeling/mount.js";

const WAIT_MS = 120;

export default {
  template: "<div></div>",
  props: { given: String },
  mounted() {
    this.handle = mount(this.$el, JSON.parse(this.given));
    this.handle.on("change", () => { this.waiting ??= setTimeout(this.tell, WAIT_MS); });
    this.handle.on("select", (id) => this.$emit("chosen", id));
  },
  unmounted() {
    if (this.waiting) this.tell();
    this.handle.destroy();
  },
  watch: {
    given(text) { this.handle.show(JSON.parse(text)); },
  },
  methods: {
    tell() {
      clearTimeout(this.waiting);
      this.waiting = undefined;
      this.$emit("answered", JSON.stringify(this.handle.result()));
    },
    result() { return JSON.stringify(this.handle.result()); },
    missing() { return this.handle.missing(); },
    select(id) { this.handle.select(id); },
    undo() { this.handle.undo(); },
    redo() { this.handle.redo(); },
    focus() { this.handle.focus(); },
  },
};
