// Networks such as 10.0.0.0/8 as a set that addresses are looked up in, and the address of a client behind proxies.
// Must not know who asks.
import { BlockList, isIP, isIPv4 } from "node:net";

/** Whether a text is an IP address, or one with a prefix length (RFC 4632, RFC 4291, 2.3). */
export function isNetwork(text: string): boolean {
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(text) ?? [];
  const version = address.includes("%") ? 0 : isIP(address);
  return version !== 0 && Number(prefix ?? 0) <= (version === 6 ? 128 : 32);
}

export class NetworkList {
  readonly #list = new BlockList();

  /** @param networks each as `isNetwork` wants it */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", prefix] = network.split("/");
      const family = isIPv4(address) ? "ipv4" : "ipv6";
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  /** What is no address is in no network. */
  has(text: string): boolean {
    const address = plainAddress(text);
    return address !== undefined && this.#list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  }
}

/** An address without zone, and as IPv4 where an IPv6 socket shows one mapped (RFC 4291, 2.5.5.2). */
export function plainAddress(text: string): string | undefined {
  const [address = ""] = text.split("%");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIP(address) === 0 ? undefined : address;
}

/** What one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 address (RFC 4291, 2.5.4). */
export function networkOf(text: string): string {
  const address = plainAddress(text);
  if (address === undefined || isIPv4(address)) return address ?? text;
  const [left = "", right] = address.toLowerCase().split("::");
  const groups = left === "" ? [] : left.split(":");
  // Two colons stand for as many groups of zeros as are missing; four of the last bytes may be written as IPv4.
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const tailLength = tail.length + (right?.includes(".") === true ? 1 : 0);
  if (right !== undefined) while (groups.length + tailLength < 8) groups.push("0");
  const first = [...groups, ...tail].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(":")}::/64`;
}

/** Proxies whose `x-forwarded-for` is believed. */
export class TrustedProxies {
  readonly #networks: NetworkList;

  constructor(networks: readonly string[]) {
    this.#networks = new NetworkList(networks);
  }

  /**
   * The address nearest to us that is none of the proxies: what stands further left anybody may have written.
   * @param remote of the connection
   * @param forwardedFor values of all `x-forwarded-for` headers, in their order
   */
  clientOf(remote: string, forwardedFor: readonly string[]): string {
    let client = remote;
    const hops = forwardedFor.join(",").split(",");
    while (this.#networks.has(client)) {
      const hop = plainAddress(withoutPort(hops.pop()?.trim() ?? ""));
      if (hop === undefined) return client;
      client = hop;
    }
    return client;
  }
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}
