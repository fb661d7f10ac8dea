// Whether a configuration has chats that are translated: then state of their turns will be kept. Must not know how.
import { spokenEndpoint, taskOfRoute, translatedTo } from "../core/translated-pairs.ts";
import type { Snapshot, SnapshotApi } from "./snapshot.ts";
import { snapshotTargets } from "./snapshot-targets.ts";

export function translatesChats({ apis, services }: Snapshot): boolean {
  for (const api of apis.values()) {
    const spoken = snapshotTargets(api).flatMap(({ service }) => {
      const endpoints = services.get(service)?.endpoints;
      return endpoints === undefined ? [] : [endpoints];
    });
    if (chatProtocols(api).some((protocol) => spoken.some((endpoints) => isTranslated(protocol, endpoints))))
      return true;
  }
  return false;
}

type RouteProtocol = SnapshotApi["routes"][number]["protocol"];

function chatProtocols({ routes }: SnapshotApi): RouteProtocol[] {
  const chats = routes.filter(({ protocol, name }) => taskOfRoute[`${protocol} ${name}`] === "chat");
  return [...new Set(chats.map(({ protocol }) => protocol))];
}

function isTranslated(protocol: RouteProtocol, endpoints: Parameters<typeof spokenEndpoint>[0]): boolean {
  const endpoint = spokenEndpoint(endpoints, protocol, translatedTo(protocol, "chat"));
  return endpoint !== undefined && endpoint.protocol !== protocol;
}
