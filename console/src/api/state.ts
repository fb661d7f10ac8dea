// What the gateway does now and did lately, and its catalogue: status, traffic, default routes, providers. Read-only.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  Provider,
  StatusAnswer,
  TrafficAnswer,
  TrafficWindow,
  WayAnswer,
} from "../../../src/control/routes/console-answers.ts";
import type { DefaultRoute } from "../../../src/resources/default-routes.ts";
import { call } from "./client.ts";

const statusEveryMs = 10_000;
const trafficEveryMs = 15_000;

/** State of the node, for the shell and wherever a service's standing shows; polled. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => call<StatusAnswer>("GET", "/status", { signal }),
  refetchInterval: statusEveryMs,
});

/** Counts of all Model APIs over a window, or of those of one resource group. */
export function trafficQuery(window: TrafficWindow, resourceGroup?: string) {
  return queryOptions({
    queryKey: ["traffic", window, "all", resourceGroup],
    queryFn: ({ signal }) =>
      call<TrafficAnswer>("GET", "/traffic", { query: { window, resourceGroup }, signal }),
    refetchInterval: trafficEveryMs,
    placeholderData: keepPreviousData,
  });
}

/** Counts of a request's way through one Model API. */
export function wayQuery(api: string, window: TrafficWindow) {
  return queryOptions({
    queryKey: ["traffic", window, api],
    queryFn: ({ signal }) =>
      call<WayAnswer>("GET", `/traffic/${encodeURIComponent(api)}`, { query: { window }, signal }),
    refetchInterval: trafficEveryMs,
    placeholderData: keepPreviousData,
  });
}

/** Every default route of every use case and protocol. */
export const defaultRoutesQuery = queryOptions({
  queryKey: ["default-routes"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => call<{ items: readonly DefaultRoute[] }>("GET", "/default-routes", { signal }),
});

/** The provider catalogue. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => call<{ items: readonly Provider[] }>("GET", "/providers", { signal }),
});
