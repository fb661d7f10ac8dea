// Where a client finds the gateway: its address as this browser may know it, and the host that it must name.
import type { Place } from "./snippets.ts";

interface Gateway {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export function gatewayPlace(
  gateway: Gateway,
  domain: string,
  {
    browserHost,
    byHost,
    hasAuth,
    keyHeader,
  }: {
    readonly browserHost: string;
    readonly byHost: boolean;
    readonly hasAuth: boolean;
    readonly keyHeader: Place["keyHeader"];
  },
): Place {
  const address = listensEverywhere(gateway.host) ? `http://${browserHost}:${gateway.port}` : gateway.url;
  if (domain === "*") return { gateway: address, host: "", hasAuth, keyHeader };
  const host = domain.startsWith("*.") ? `debug${domain.slice(1)}` : domain;
  return byHost
    ? { gateway: address, host, hasAuth, keyHeader }
    : { gateway: `http://${host}:${gateway.port}`, host: "", hasAuth, keyHeader };
}

function listensEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "[::]";
}
