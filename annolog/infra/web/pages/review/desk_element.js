// The place of the work in a page of NiceGUI, which otherwise has no part in it: what goes on there is the browser's own.

export default {
  template: "<div></div>",
  props: { given: String },
  async mounted() {
    const { begin } = await import("/static/review/page.js");
    await begin(this.$el, JSON.parse(this.given));
  },
};
