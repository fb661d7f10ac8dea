// Where a Model API takes keys, as far as it concerns what goes upstream: they end at the gateway. Pure.
import type { ApiKeySource } from "../snapshot/snapshot.ts";

/** A query without the parameters that carry credentials; every other byte stays. */
export function withoutKeyParameters(query: string, sources: readonly ApiKeySource[]): string {
  if (query === "") return query;
  const names = new Set(sources.flatMap((source) => (source.in === "query" ? [source.name] : [])));
  if (names.size === 0) return query;
  const kept = query
    .slice(1)
    .split("&")
    .filter((pair) => !names.has([...new URLSearchParams(pair).keys()][0] ?? ""));
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

/** Lower-case names of the headers in which this API takes keys: they end here. */
export function keyHeaders(sources: readonly ApiKeySource[]): string[] {
  return sources.flatMap((source) => (source.in === "header" ? [source.name.toLowerCase()] : []));
}
