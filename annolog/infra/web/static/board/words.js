// How values of the board are said: numbers, times, durations, people, answers.
export const NOTHING = "–";
export const STATES = {
  created: "Initial", annotation_in_progress: "Annotating", needs_review: "Needs review",
  review_in_progress: "In review", completed: "Done",
};
const MOST_WORDS = 160;

// Making a format costs more than using it a thousand times.
const FIGURES = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });
export const number = (value) => (value === null || value === undefined ? NOTHING : FIGURES.format(value));
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
export const sentence = (name) => { const words = name.replaceAll("_", " ").trim(); return words.charAt(0).toUpperCase() + words.slice(1); };

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  if (seconds < 59.5) return seconds < 9.95 && seconds > 0 ? `${seconds.toFixed(1)} s` : `${seconds.toFixed(0)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function clock(zone) {
  const parts = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  let format;
  try { format = new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone }); } catch { format = new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" }); }
  return (text) => (text ? format.format(new Date(text)) : NOTHING);
}

export function short(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS)}…` : text;
}

// What one answer says, in a few words: labels, with how often where it is more than once, else the value itself.
function answer(items) {
  const counts = new Map();
  for (const item of Array.isArray(items) ? items : []) {
    const value = (item && item.value) || {};
    const given = value[item.type];
    const words = Array.isArray(given)
      ? given.map((one) => (Array.isArray(one) ? one.join(" / ") : short(one)))
      : given !== undefined ? [short(given)] : [sentence(String(item.type || "region"))];
    for (const word of words) counts.set(word, (counts.get(word) || 0) + 1);
  }
  return [...counts].map(([word, count]) => (count > 1 ? `${word} ×${count}` : word)).join(", ") || "empty";
}

// Answers that are the same are said once, with how many gave them; the most frequent first.
export function answers(results) {
  const counts = new Map();
  for (const one of results || []) { const words = answer(one); counts.set(words, (counts.get(words) || 0) + 1); }
  return [...counts].sort((one, other) => other[1] - one[1]);
}
