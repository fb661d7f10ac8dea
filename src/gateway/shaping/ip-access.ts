// Lets in only callers whose address the Model API admits. Knows no proxy: the address is what the listener says.
import { GatewayError } from "../../core/errors.ts";
import { NetworkList, plainAddress } from "../../lib/network-list.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched } from "../exchange.ts";

type IpAccess = NonNullable<SnapshotApi["ipAccess"]>;

interface Lists {
  /** Null: everyone. */
  readonly allow: NetworkList | null;
  readonly deny: NetworkList;
}

/** Made when first needed. */
const known = new WeakMap<IpAccess, Lists>();

/** @throws GatewayError consumer_not_allowed */
export function admitAddress({ call }: Exchange, { api }: Matched): void {
  const { ipAccess } = api.config;
  if (ipAccess === undefined || isAdmitted(ipAccess, call.clientIp)) return;
  throw new GatewayError("consumer_not_allowed", {
    message: "This Model API takes no calls from your address.",
  });
}

/** Whether a call from an address is taken; one whose address is not known is not, as soon as anything is said. */
export function isAdmitted(access: IpAccess, clientIp: string): boolean {
  let lists = known.get(access);
  if (lists === undefined) {
    lists = {
      allow: access.allow.length === 0 ? null : new NetworkList(access.allow),
      deny: new NetworkList(access.deny),
    };
    known.set(access, lists);
  }
  if (plainAddress(clientIp) === undefined) return false;
  return !lists.deny.has(clientIp) && (lists.allow?.has(clientIp) ?? true);
}
