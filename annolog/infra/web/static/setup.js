// The editor of a labeling config: named for who cannot see it, and in the colours of the page, also when these change.
const THEMES = { true: "githubDark", false: "githubLight" };

export function dress(id, tries = 0) {
  const element = window.getElement(id);
  const content = element && element.$el.querySelector(".cm-content");
  if (!content) {
    if (tries < 100) setTimeout(() => dress(id, tries + 1), 50);
    return;
  }
  content.setAttribute("aria-label", "Labeling config as XML");
  content.setAttribute("aria-describedby", "an-verdict");
  element.$el.querySelector(".cm-scroller").setAttribute("tabindex", "0");
  const colour = () => element.$el.isConnected && element.setTheme(THEMES[document.body.classList.contains("body--dark")]);
  colour();
  new MutationObserver(colour).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}
