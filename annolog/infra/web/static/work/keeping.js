// What this browser keeps until the server has it: answers that wait to be sent, and unfinished work. It outlives the
// tab and its crash.

const NAME = "annolog-work";
const STORES = { waiting: { keyPath: "id", autoIncrement: true }, outcomes: { keyPath: "id" }, drafts: { keyPath: "key" }, refused: { keyPath: "id" } };

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => { for (const [name, options] of Object.entries(STORES)) asked.result.createObjectStore(name, options); };
    asked.onsuccess = () => {
      // Another tab with a newer page may want to change the stores.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  opened.catch(() => { opened = null; });
  return opened;
}

/**
 * Do something with some stores, all of it or nothing. `act` gets them by name and gives requests or values. What is
 * `strict` is on the disk before it is said to be done.
 */
export async function together(names, mode, act, { strict = false } = {}) {
  const found = await database();
  return new Promise((resolve, reject) => {
    const transaction = found.transaction(names, mode, { durability: strict ? "strict" : "relaxed" });
    const result = act(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    transaction.oncomplete = () => resolve(result instanceof IDBRequest ? result.result : result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export const put = (store, value) => together([store], "readwrite", (stores) => stores[store].put(value));
export const get = (store, key) => together([store], "readonly", (stores) => stores[store].get(key));
export const all = (store) => together([store], "readonly", (stores) => stores[store].getAll());
export const drop = (store, key) => together([store], "readwrite", (stores) => stores[store].delete(key));
