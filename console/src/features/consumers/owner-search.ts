// What the address of one consumer or consumer group holds: the dialog that is open, the time of its usage. Small: every page loads it.

export const issueTypes = ["api-key", "jwt", "hmac"] as const;
export type IssueType = (typeof issueTypes)[number];

export const spans = ["24h", "7d", "30d", "month"] as const;
export type Span = (typeof spans)[number];

export interface OwnerSearch {
  /** A credential of this type is being issued. */
  issue?: IssueType;
  /** The quota under edit; empty: a new one. */
  quota?: string;
  /** Search among Model APIs or members. */
  q?: string;
  span?: Span;
}

/** Reads it; what it cannot be is left out. */
export function readOwnerSearch(search: Record<string, unknown>): OwnerSearch {
  const { quota, q } = search;
  const issue = issueTypes.find((each) => each === search["issue"]);
  const span = spans.find((each) => each === search["span"]);
  return {
    ...(issue === undefined ? {} : { issue }),
    ...(typeof quota === "string" || typeof quota === "number" ? { quota: String(quota) } : {}),
    ...((typeof q === "string" && q !== "") || typeof q === "number" ? { q: String(q) } : {}),
    ...(span === undefined ? {} : { span }),
  };
}
