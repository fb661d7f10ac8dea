// What the metrics take from the configuration: when it changed, and how requests are meant to be shared out.
import { queryOptions } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { ModelApi, Page } from "../../api/resources.ts";

interface Revision {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The newest revisions, as verticals on the charts. */
export const revisionsQuery = queryOptions({
  queryKey: ["revisions", "newest"],
  queryFn: ({ signal }) => call<Page<Revision>>("GET", "/revisions", { query: { limit: 50 }, signal }),
});

/** Share of each service by its weights, 0 to 1; null in modes that fix none. */
export function wantedShares({ modelService }: ModelApi): ReadonlyMap<string, number> | null {
  if (modelService.mode !== "by-weight") return null;
  const sum = modelService.targets.reduce((all, { weight }) => all + weight, 0);
  const shares = new Map<string, number>();
  for (const { service, weight } of modelService.targets) {
    if (sum > 0) shares.set(service, (shares.get(service) ?? 0) + weight / sum);
  }
  return shares;
}
