// The value of a request that a rate limit counts by. Knows no limit.
import { networkOf } from "../../lib/network-list.ts";
import type { SnapshotRateLimit } from "../../snapshot/snapshot-rate-limit.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";

/** @param key lower-case for a header. "": the request has none, and is not counted. */
export function limitValue(
  { by, key }: { readonly by: SnapshotRateLimit["by"]; readonly key: string },
  { call, head, consumer, requestedModel }: Exchange,
  { api }: Matched,
): string {
  switch (by) {
    case "consumer":
      return consumer;
    case "header":
      return headerOf(call.rawHeaders, key) ?? "";
    case "query":
      return head === null || head.query === "" ? "" : (new URLSearchParams(head.query).get(key) ?? "");
    case "cookie":
      return cookieOf(headerOf(call.rawHeaders, "cookie") ?? "", key);
    case "ip":
      return networkOf(call.clientIp);
    case "model":
      return requestedModel ?? "";
    case "api":
      return api.config.name;
  }
}

/** The first of this name (RFC 6265, 4.2.1); quotes around a value are no part of it. */
function cookieOf(header: string, name: string): string {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    return pair
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1");
  }
  return "";
}
