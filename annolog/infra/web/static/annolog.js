// What pages do by themselves in the browser: the theme, the keys, help, search, signing in and out. Everything that is
// shown of what people wrote is put in as text.

import { typing } from "/static/labeling/keys.js";

(() => {
  const YEAR = 31536000;
  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  };
  const kept = (name) =>
    decodeURIComponent((document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`)) || "").slice(name.length + 1));
  // The browser's own zone, unless somebody chose another for themselves.
  const zone = kept("annolog_zone_chosen") || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  if (kept("annolog_zone") !== zone) keep("annolog_zone", zone);

  const make = (tag, attributes = {}, ...children) => {
    const found = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
    found.append(...children);
    return found;
  };

  async function ask(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    let value = null;
    try { value = text ? JSON.parse(text) : null; } catch { value = { detail: text.slice(0, 300) }; }
    if (!response.ok) throw Object.assign(new Error((value && value.detail) || `The server answered ${response.status}.`), { status: response.status, problem: value });
    return value;
  }

  // Only a path of ours; anything else leads to the start.
  const ownPath = (path) => (path && /^\/(?![/\\])[^\u0000-\u001f]*$/.test(path) ? path : "/");

  // Theme: auto, light, dark, in turn.
  function nextTheme() {
    const order = ["auto", "light", "dark"];
    setTheme(order[(order.indexOf(kept("annolog_theme") || "auto") + 1) % 3]);
  }
  function setTheme(now) {
    keep("annolog_theme", now);
    const dark = now === "dark" || (now === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    if (window.Quasar) Quasar.Dark.set(now === "auto" ? "auto" : dark);
    document.body.classList.toggle("body--dark", dark);
    document.body.classList.toggle("body--light", !dark);
    announce(`Theme: ${now}`);
  }
  function setZone(name) {
    keep("annolog_zone_chosen", name);
    if (name) keep("annolog_zone", name);
    location.reload();
  }
  // What is shown once is taken along by a button beside it.
  async function copy(button) {
    const text = document.getElementById(button.dataset.copy).textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      const place = make("textarea", { class: "an-visually-hidden", "aria-hidden": "true" });
      place.value = text; button.after(place); place.select(); document.execCommand("copy"); place.remove();
    }
    button.querySelector("span").textContent = "Copied";
    announce("Copied");
  }
  function announce(text) {
    let place = document.getElementById("an-announced");
    if (!place) document.body.append((place = make("div", { id: "an-announced", role: "status", class: "an-visually-hidden" })));
    place.textContent = text;
  }

  // A dialog of the browser's own, which keeps focus inside and gives it back.
  function overlay(label, ...children) {
    const close = make("button", { type: "button", class: "an-icon-button", "aria-label": "Close" }, "✕");
    const head = make("div", { class: "an-heading" }, make("h2", {}, label), close);
    const found = make("dialog", { class: "an-overlay", "aria-label": label }, make("div", { class: "an-overlay-body" }, head, ...children));
    close.addEventListener("click", () => found.close());
    found.addEventListener("click", (event) => { if (event.target === found) found.close(); });
    found.addEventListener("close", () => found.remove());
    document.body.append(found);
    found.showModal();
    return found;
  }

  // Help tells what there is on this page: every element with a hotkey, by its own words.
  const GENERAL = [["?", "This help"], ["/", "Search"], ["t", "Light or dark"], ["Esc", "Close what is open"]];
  function help() {
    if (document.querySelector("dialog.an-overlay[open]")) return;
    const keys = make("div", { class: "an-keys" });
    const add = (key, words) => {
      const combination = make("span");
      key.split(" ").forEach((part, index) => combination.append(...(index ? [" then "] : []), make("kbd", {}, part)));
      keys.append(combination, make("span", {}, words));
    };
    GENERAL.forEach(([key, words]) => add(key, words));
    for (const element of document.querySelectorAll("[data-hotkey]")) {
      const own = element.getAttribute("aria-label") || [...element.querySelectorAll("span")].map((one) => one.textContent).join(" ") || element.textContent;
      add(element.dataset.hotkey, own.trim());
    }
    for (const place of document.querySelectorAll("[data-keys]")) {
      for (const line of place.dataset.keys.split("|")) { const [key, words] = line.split("="); add(key, words); }
    }
    overlay("Keyboard", keys);
  }

  // Search: projects by title, people by name, tasks by number or, within a project, by what is in them.
  function search() {
    if (document.querySelector("dialog.an-overlay[open]")) return;
    const input = make("input", { type: "search", placeholder: "Project, task number, words in a task, person", "aria-label": "Search" });
    const hits = make("ul", { class: "an-hits" });
    const found = overlay("Search", input, hits);
    let asked = 0, waiting = 0;
    const show = (rows) => {
      hits.replaceChildren(...rows.map(([href, words, kind]) =>
        make("li", {}, make("a", { href }, make("span", {}, words), make("span", {}, kind)))));
      if (!rows.length && input.value.trim()) hits.append(make("li", { class: "an-note" }, "Nothing found."));
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const mine = ++asked;
        const rows = await hitsFor(input.value.trim());
        if (mine === asked) show(rows);
      }, 150);
    });
    found.addEventListener("keydown", (event) => {
      const links = [...hits.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && links.length) { links[Math.min(at + 1, links.length - 1)].focus(); event.preventDefault(); }
      if (event.key === "ArrowUp") { (at > 0 ? links[at - 1] : input).focus(); event.preventDefault(); }
      if (event.key === "Enter" && document.activeElement === input && links.length) links[0].click();
    });
    input.focus();
  }
  async function hitsFor(words) {
    if (!words) return [];
    const here = (location.pathname.match(/^\/projects\/(\d+)/) || [])[1];
    const low = words.toLowerCase();
    const quietly = (promise) => promise.catch(() => null);
    const [projects, people, task, tasks] = await Promise.all([
      quietly(ask("GET", "/v1/projects?limit=1000")),
      quietly(ask("GET", `/v1/people?limit=8&text=${encodeURIComponent(words)}`)),
      /^\d{1,15}$/.test(words) ? quietly(ask("GET", `/v1/tasks/${words}`)) : null,
      here && words.length > 2 ? quietly(ask("POST", `/v1/projects/${here}/tasks/query`, { limit: 8, filters: { conjunction: "and", items: [{ filter: "filter:tasks:data", operator: "contains", type: "String", value: words }] } })) : null,
    ]);
    const rows = [];
    if (task) rows.push([`/tasks/${words}`, `Task ${words}`, "task"]);
    for (const one of (projects && projects.projects) || []) if (one.title.toLowerCase().includes(low)) rows.push([`/projects/${one.project}`, one.title, "project"]);
    for (const one of (tasks && tasks.tasks) || []) rows.push([`/tasks/${one.task}`, `${one.task}: ${Object.values(one.data).filter((value) => typeof value === "string").join(" · ").slice(0, 90)}`, "task"]);
    for (const one of (people && people.people) || []) {
      const name = one.name || one.handle;
      rows.push([here ? `/projects/${here}/people/${one.person}` : `/people/${one.person}`, name, "person"]);
    }
    return rows.slice(0, 20);
  }

  // Keys: one, or two after each other. Never while somebody types.
  let before = "", beforeAt = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key.toLowerCase() === "k") { event.preventDefault(); search(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.target.closest("[data-own-keys]") || document.querySelector("dialog.an-overlay[open], .q-dialog")) return;
    if (event.key === "?") { event.preventDefault(); help(); return; }
    if (event.key === "/") { event.preventDefault(); search(); return; }
    const pair = Date.now() - beforeAt < 1200 ? `${before} ${event.key}` : "";
    const byKey = (key) => key && [...document.querySelectorAll("[data-hotkey]")].find((element) => element.dataset.hotkey === key);
    const element = byKey(pair) || byKey(event.key);
    before = event.key; beforeAt = Date.now();
    if (element) { event.preventDefault(); before = ""; element.click(); element.focus(); return; }
    if (event.key === "t") nextTheme();
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-theme-button]")) nextTheme();
    if (at("[data-help]")) help();
    if (at("[data-search]")) search();
    if (at("[data-copy]")) copy(at("[data-copy]"));
    if (at("[data-sign-out]")) signOut();
    const menu = at(".an-menu");
    const side = document.querySelector(".an-side");
    if (menu && side) menu.setAttribute("aria-expanded", String(side.classList.toggle("an-open")));
    else if (side && side.classList.contains("an-open") && !at(".an-side")) side.classList.remove("an-open");
    for (const open of document.querySelectorAll("details.an-account[open], details.an-bell[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.an-account[open], details.an-bell[open]")) { open.open = false; open.querySelector("summary").focus(); }
    document.querySelector(".an-side")?.classList.remove("an-open");
  });

  // Signing in and out are asked of the API itself, since cookies come with its answers.
  async function signOut() {
    const form = make("form", { method: "post", action: "/v1/sign-on/sign-out?return_to=/sign-in" });
    document.body.append(form);
    form.submit();
  }
  function signInAgain() { location.href = `/sign-in?return_to=${encodeURIComponent(location.pathname + location.search)}`; }
  function door() {
    const form = document.querySelector("form[data-door]");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "1";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wrong = document.querySelector(".an-wrong");
      const button = form.querySelector("button");
      wrong.textContent = "";
      button.disabled = true;
      try {
        const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
        if (form.dataset.repeat && given.password !== given.repeated) throw new Error("The two passwords differ.");
        delete given.repeated;
        const found = await ask("POST", form.dataset.door, given);
        if (found && found.awaits_approval) {
          form.replaceChildren(make("p", { role: "status" }, "You are known now. Somebody has to let you in before you can sign in."));
          return;
        }
        location.href = ownPath(new URLSearchParams(location.search).get("return_to"));
      } catch (error) {
        wrong.textContent = error.message;
        button.disabled = false;
        form.querySelector("input[type=password]")?.focus();
      }
    });
  }

  // A chart's picture, on the colour of the page.
  function savePicture(id, name) {
    const chart = window.getElement(id).chart;
    const ground = getComputedStyle(document.body).getPropertyValue("--an-surface").trim();
    const link = make("a", { href: chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: ground }), download: name });
    document.body.append(link); link.click(); link.remove();
  }

  document.addEventListener("visibilitychange", () => { if (window.emitEvent) emitEvent("looking", !document.hidden); });
  new MutationObserver(door).observe(document.documentElement, { childList: true, subtree: true });
  window.annolog = { ask, ownPath, savePicture, signInAgain, setTheme, setZone, announce, overlay, make };
})();
