// HTML of strangers: what it says and how it is built stays, whatever runs, loads pages or wears our looks goes.

const TAGS = ["a", "abbr", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr"];
const ATTRIBUTES = ["href", "src", "alt", "title", "colspan", "rowspan", "span", "start", "reversed", "dir", "lang", "datetime", "cite", "open", "width", "height", "scope"];
// These are removed with all that is in them; other tags that are not known leave their words behind.
const GONE = ["script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "title", "head", "link", "meta", "base", "form", "input", "button", "select", "textarea", "video", "audio"];
const OWN_STYLE = /^(text-align|font-weight|font-style|text-decoration|white-space|vertical-align|list-style-type|margin(-\w+)?|padding(-\w+)?|text-indent|direction|display)$/;
const PLAIN_VALUE = /^[-\w\s.%]{1,40}$/;

/**
 * The tree of an HTML text, clean, as a fragment. `purify` is DOMPurify. It works on the tree itself, within a template,
 * where nothing runs or loads meanwhile; nothing is written out and read again.
 */
export function cleaned(purify, html) {
  const inert = document.createElement("template");
  inert.innerHTML = "<div></div>";
  const body = inert.content.firstChild;
  body.innerHTML = html;
  purify.sanitize(body, {
    ALLOWED_TAGS: TAGS, ALLOWED_ATTR: [...ATTRIBUTES, "style"], FORBID_CONTENTS: GONE, FORBID_TAGS: GONE,
    ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false, IN_PLACE: true,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpe?g|gif|webp|avif);base64,)/i,
  });
  const fragment = document.createDocumentFragment();
  for (const element of body.querySelectorAll("*")) {
    const style = element.getAttribute("style");
    if (style !== null) restyle(element);
    if (element.localName === "a") {
      element.setAttribute("target", "_blank");
      element.setAttribute("rel", "noopener noreferrer nofollow");
      element.setAttribute("tabindex", "-1");
    }
    if (element.localName === "img") {
      element.setAttribute("loading", "lazy");
      element.setAttribute("referrerpolicy", "no-referrer");
      if (!element.hasAttribute("alt")) element.setAttribute("alt", "");
    }
  }
  fragment.append(...body.childNodes);
  return fragment;
}

function restyle(element) {
  const { style } = element;
  const kept = [...style].filter((name) => OWN_STYLE.test(name) && PLAIN_VALUE.test(style.getPropertyValue(name)) && style.getPropertyValue(name).length < 40)
    .map((name) => [name, style.getPropertyValue(name)]);
  element.removeAttribute("style");
  for (const [name, value] of kept) if (name !== "display" || /^(block|inline|inline-block|flex|none|list-item|table[\w-]*)$/.test(value)) element.style.setProperty(name, value);
}

const KINDS = { image: /^data:image\/(png|jpe?g|gif|webp|avif|bmp);/i, audio: /^data:audio\//i, video: /^data:video\//i };

/** An address from which an image, sound or video may be loaded, or null. */
export function mediaAddress(value, kind) {
  const text = typeof value === "string" ? value.trim() : "";
  if (KINDS[kind].test(text) || /^(https?:\/\/|blob:)/i.test(text)) return text;
  return /^\/(?![/\\])/.test(text) ? text : null;
}

const LAYOUT = /^(display|flex(-\w+)*|order|grid(-\w+)*|gap|row-gap|column-gap|columns|column-count|justify-[\w-]+|align-[\w-]+|place-[\w-]+|margin(-\w+)?|padding(-\w+)?|width|height|(min|max)-(width|height)|overflow(-[xy])?|text-align|font-size|font-weight|font-style|white-space|border-radius|float|clear|box-sizing|line-height)$/;
const LAYOUT_VALUE = /^[-\w\s.%(),/]{1,80}$/;

/** Put the layout that a config asks for on an element; colours and places on the screen stay the page's own. */
export function layOut(element, text) {
  for (const declaration of String(text).slice(0, 2000).split(";")) {
    const [name, ...rest] = declaration.split(":");
    const property = name.trim().toLowerCase();
    const value = rest.join(":").trim().replace(/\s*!important$/i, "");
    if (LAYOUT.test(property) && LAYOUT_VALUE.test(value) && !/url|var|expression|attr|env|image/i.test(value)) element.style.setProperty(property, value);
  }
}
