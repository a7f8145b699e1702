import { Board } from "annolog-board";

export default {
  template: '<div class="an-board"></div>',
  props: { given: String },
  mounted() { this.board = new Board(this.$el, JSON.parse(this.given)); },
  unmounted() { this.board?.close(); },
};
