// What is looked at, in the page's address: filters as JSON, order, view. Going back and forward goes by it.
export function read() {
  const found = new URLSearchParams(location.search);
  let filters = null, wrong = "";
  if (found.get("filters")) {
    try { filters = JSON.parse(found.get("filters")); } catch { wrong = "The filter in the address is not JSON; it is left out."; }
    if (filters !== null && (typeof filters !== "object" || Array.isArray(filters))) { filters = null; wrong = "The filter in the address is not a filter; it is left out."; }
  }
  const order = found.getAll("order").filter(Boolean).map((name) => name.replace(/^(-?)(filter:)?tasks:/, "$1"));
  return { filters: filters && (filters.items || []).length ? filters : null, order, view: found.get("view") || null, given: found.has("filters") || order.length > 0, wrong };
}

export function write({ filters, order, view }, replace = false) {
  const found = new URLSearchParams();
  if (view !== null) found.set("view", String(view));
  if (filters) found.set("filters", JSON.stringify(filters));
  for (const name of order) found.append("order", name);
  const target = `${location.pathname}${found.size ? `?${found}` : ""}`;
  if (target === location.pathname + location.search) return;
  // What NiceGUI remembers of the page stays with the entry.
  history[replace ? "replaceState" : "pushState"](history.state, "", target);
}
