// Which network addresses an outgoing connection may reach, checked on the address actually connected to.
// Must not know who connects: services, sinks, key sets and webhooks all pass here.
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP } from "node:net";

/** `private`: loopback and private ranges allowed; `public`: refused. Both refuse addresses that are never a service. */
export type AllowedNetworks = "private" | "public";

/** The address is one that no outgoing connection may reach. The message never names the address. */
export class AddressRefused extends Error {
  readonly code = "ERR_ADDRESS_REFUSED";

  constructor() {
    super("The address of this host may not be reached from here.");
    this.name = "AddressRefused";
  }
}

type Subnet = readonly [network: string, prefix: number];

/** Unspecified, link-local, protocol assignments, multicast, reserved and broadcast (IANA special-purpose registries), and where clouds keep metadata. */
const neverReachable: readonly Subnet[] = [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
  ["fd00:ec2::", 32],
  ["fd20:ce::254", 128],
];

/** Loopback, private use (RFC 1918), shared address space (RFC 6598), benchmarking (RFC 2544), unique local (RFC 4193), site-local (RFC 3879). */
const privateUse: readonly Subnet[] = [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["198.18.0.0", 15],
  ["::1", 128],
  ["fc00::", 7],
  ["fec0::", 10],
];

const never = blockList(neverReachable);
const internal = blockList(privateUse);

function blockList(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) {
    list.addSubnet(network, prefix, isIP(network) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** Prefixes that carry an IPv4 address inside an IPv6 one: mapped, NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056). Byte offset of the IPv4 part. */
const embeddings: readonly { readonly prefix: readonly number[]; readonly offset: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], offset: 12 },
  { prefix: [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], offset: 12 },
  { prefix: [0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], offset: 12 },
  { prefix: [0x20, 0x02], offset: 2 },
];

/** The sixteen bytes of a valid IPv6 address without zone. */
function ipv6Bytes(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  let text = address;
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number);
    text = `${dotted[1]}${(((a ?? 0) << 8) | (b ?? 0)).toString(16)}:${(((c ?? 0) << 8) | (d ?? 0)).toString(16)}`;
  }
  const [head = "", tail] = text.split("::");
  const words = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((word) => parseInt(word, 16));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: zeros }, () => 0), ...back].flatMap((word) => [
    word >> 8,
    word & 255,
  ]);
}

function embeddedIpv4(address: string): string | undefined {
  const bytes = ipv6Bytes(address);
  for (const { prefix, offset } of embeddings) {
    if (prefix.every((byte, index) => bytes[index] === byte))
      return bytes.slice(offset, offset + 4).join(".");
  }
  return undefined;
}

/** Whether an IP address (literal, without brackets or port) may be connected to. Anything that is no IP address may not. */
export function isReachable(address: string, networks: AllowedNetworks): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  // The zone only names an interface.
  const plain = address.split("%")[0] ?? address;
  const inner = version === 6 ? embeddedIpv4(plain) : undefined;
  if (inner !== undefined) return isReachable(inner, networks);
  const family = version === 6 ? "ipv6" : "ipv4";
  if (never.check(plain, family)) return false;
  return networks === "private" || !internal.check(plain, family);
}

type LookupCallback = (error: Error | null, addresses: LookupAddress[]) => void;

/**
 * A `lookup` for `net.connect` that resolves all addresses of a host and lets through only reachable ones.
 * Look-ups of one name share their answer while it is on its way: each blocks a thread of the process's pool, and a slow
 * name server must not take them all.
 */
export function guardedLookup(networks: AllowedNetworks) {
  const pending = new Map<string, LookupCallback[]>();
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    const question = `${hostname} ${options.family ?? 0}`;
    const waiting = pending.get(question);
    if (waiting !== undefined) {
      waiting.push(callback);
      return;
    }
    const callbacks = [callback];
    pending.set(question, callbacks);
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      pending.delete(question);
      const reachable =
        error === null ? addresses.filter((entry) => isReachable(entry.address, networks)) : [];
      const refusal = error ?? (reachable.length === 0 ? new AddressRefused() : null);
      for (const answer of callbacks) answer(refusal, [...reachable]);
    });
  };
}
