// Where an earlier page's answers are sent from, on a page on which nothing is labeled.

export default {
  template: "<div></div>",
  props: { person: Number },
  async mounted() {
    const { sendLater } = await import("/static/work/sending_later.js");
    await sendLater(this.$el, this.person);
  },
};
