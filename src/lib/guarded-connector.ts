// The one place that opens sockets to addresses that an administrator sets: past the address guard, and not longer than
// the connect timeout. Must not know who connects: services, sinks and webhooks all pass here.
import { isIP, type Socket } from "node:net";
import { buildConnector } from "undici";
import { AddressRefused, guardedLookup, isReachable, type AllowedNetworks } from "./address-guard.ts";

/** Thrown into a socket that has not connected in time. */
class ConnectTimeout extends Error {
  readonly code = "UND_ERR_CONNECT_TIMEOUT";
}

/** Opens a connection and gives the socket while it connects, so that it can be given up. */
export type GuardedConnector = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => Socket | null;

/** TCP, and TLS where the protocol is `https:`; `connectTimeoutMs` is for both together. */
export function guardedConnector(networks: AllowedNetworks, connectTimeoutMs: number): GuardedConnector {
  const connect = buildConnector({
    // undici's own timer has steps of half a second.
    timeout: 0,
    lookup: guardedLookup(networks),
    autoSelectFamily: true,
    allowH2: false,
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, "");
    // A literal address is never looked up, so it is checked here.
    if (isIP(host) !== 0 && !isReachable(host, networks)) {
      callback(new AddressRefused(), null);
      return null;
    }
    let timer: NodeJS.Timeout | undefined;
    const settle: buildConnector.Callback = (...result) => {
      clearTimeout(timer);
      callback(...result);
    };
    // The connector returns its socket, which its type leaves out.
    const socket = connect(options, settle) as unknown as Socket;
    timer = setTimeout(() => socket.destroy(new ConnectTimeout()), connectTimeoutMs);
    return socket;
  };
}
