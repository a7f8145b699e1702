// Verdicts, lanes and refusals in the words of who reviews.

/** The ways to reject: the button, what it does, and what was done. */
export const KINDS = {
  return: { words: "Return", does: "Return to its author", done: "returned to its author" },
  pass_on: { words: "Pass on", does: "Pass on to somebody else", done: "passed on to somebody else" },
  remove: { words: "Reject", does: "Reject for good", done: "rejected for good" },
};

/** Which review this is. */
export const LANES = {
  first: ["First review", "plain"], second: ["Second review, blind", "violet"], adjudication: ["Two reviewers to be settled", "warning"], given: ["Chosen", "info"],
};

/** A verdict that was given. */
export function ofVerdict({ verdict, action }) {
  if (verdict === "accepted") return "Accepted";
  if (verdict === "fixed") return "Fixed and accepted";
  const done = KINDS[action]?.done ?? "rejected";
  return `${done.charAt(0).toUpperCase()}${done.slice(1)}`;
}

/** Why there is a revision. */
export function ofRevision({ because }, fixer) {
  if (because === null) return "Submitted";
  if (because === "fixed_in_review") return `Put right${fixer ? ` by ${fixer}` : ""}`;
  return because === "own_update" ? "Changed by its author" : "Changed after it was returned";
}
