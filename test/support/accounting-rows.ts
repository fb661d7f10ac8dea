// Requests of every use case whose consumption is looked at. Data only.
import { mediaRequests } from "./accounting-media-rows.ts";
import { objectRequests } from "./accounting-object-rows.ts";
import type { CountedRequest } from "./accounting-request.ts";
import { textRequests } from "./accounting-text-rows.ts";

export const countedRequests: readonly CountedRequest[] = [
  ...textRequests,
  ...mediaRequests,
  ...objectRequests,
];

/** Those whose services tell tokens, all of them of text. */
export const tokenRequests = countedRequests.filter(
  ({ tells, unseen }) => tells !== "no tokens" && tells !== "never" && unseen === undefined,
);
