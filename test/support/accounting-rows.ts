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

/** Those whose services tell tokens. */
export const tokenRequests = countedRequests.filter(
  ({ tells }) => tells !== "no tokens" && tells !== "never",
);
