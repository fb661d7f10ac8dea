// Says whom a Model API lets in by address, and what it changes on the way. An imagined request comes from nowhere.
import type { SnapshotApi, SnapshotShaping } from "../../snapshot/snapshot.ts";
import type { PolicyVerdict } from "./explain-authentication.ts";

/** Nothing where everyone is let in. */
export function explainAddresses({ ipAccess }: SnapshotApi): PolicyVerdict[] {
  if (ipAccess === undefined) return [];
  const { allow, deny } = ipAccess;
  const some = allow.length === 0 ? "from anywhere" : `from ${allow.join(", ")} only`;
  const none = deny.length === 0 ? "" : `, never from ${deny.join(", ")}`;
  return [{ name: "addresses", verdict: "passed", reason: `calls may come ${some}${none}` }];
}

/** Nothing where all passes as it is. */
export function explainShaping({ shaping }: SnapshotApi): PolicyVerdict[] {
  if (shaping === undefined) return [];
  return [{ name: "shaping", verdict: "passed", reason: `changes ${changesOf(shaping).join("; ")}` }];
}

function changesOf({
  prompt,
  parameters = [],
  requestHeaders,
  requestBody,
  responseHeaders,
}: SnapshotShaping): string[] {
  return [
    ...(requestHeaders === undefined ? [] : ["headers of requests"]),
    ...(requestBody === undefined ? [] : ["fields of requests"]),
    ...parameters.map(({ name, default: usual, maximum }) =>
      [
        `parameter ${name}`,
        ...(usual === undefined ? [] : [`${usual} where none is given`]),
        ...(maximum === undefined ? [] : [`at most ${maximum}`]),
      ].join(", "),
    ),
    ...(prompt === undefined ? [] : ["the system prompt"]),
    ...(responseHeaders === undefined ? [] : ["headers of answers"]),
  ];
}
