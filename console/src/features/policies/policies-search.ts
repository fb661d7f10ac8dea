// What the address of the page of all policies holds. Small: every page loads it.

export interface PoliciesSearch {
  q?: string;
  /** The policy whose state is asked for; absent: any. */
  policy?: string;
  /** States that are shown. */
  state?: readonly string[];
}

export function readPoliciesSearch(search: Record<string, unknown>): PoliciesSearch {
  const { q, policy, state } = search;
  const states = Array.isArray(state) ? state.filter((each): each is string => typeof each === "string") : [];
  return {
    ...((typeof q === "string" && q !== "") || typeof q === "number" ? { q: String(q) } : {}),
    ...(typeof policy === "string" && policy !== "" ? { policy } : {}),
    ...(states.length > 0 ? { state: states } : {}),
  };
}
