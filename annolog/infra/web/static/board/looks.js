// How wide columns are before anybody has made them wider.
export const SELECT = "the selection";
const WIDTHS = { task: 88, state: 128, agreement: 160, labels: 150, results: 260, annotators: 220, flag: 110 };
const BY_KIND = { number: 128, agreement: 160, duration: 132, datetime: 160, boolean: 100, people: 190, person: 150, open: 260, json: 260, results: 260, labels: 150, list: 160 };
export const usualWidth = (column) => WIDTHS[column.name] || BY_KIND[column.kind] || 150;
