// How often a password may be tried: per account and address, and per address whatever the account. Knows no password.
import { TriedTooOften } from "./tried-too-often.ts";

export interface SignInThrottle {
  /** Counts a try before it is made. @throws TriedTooOften with the time until the next one */
  count(account: string, address: string): void;
  /** After a good one: what was tried before is forgotten. */
  clear(account: string, address: string): void;
}

const windowMs = 60_000;
const perAccountAndAddress = 5;
/** Of all accounts together, so that a list of names is not tried with one password; offices share an address. */
const perAddress = 30;
/** Of what is remembered; the oldest goes. */
const maxRemembered = 20_000;

/** @param nowMs monotonic */
export function createSignInThrottle(nowMs: () => number): SignInThrottle {
  /** Times of tries within the window, in the order in which a name was first tried. */
  const tries = new Map<string, number[]>();

  const recent = (key: string, now: number): number[] =>
    (tries.get(key) ?? []).filter((at) => at > now - windowMs);
  const waitMs = (times: readonly number[], limit: number, now: number): number => {
    const oldest = times.at(-limit);
    return oldest === undefined ? 0 : oldest + windowMs - now;
  };
  const remember = (key: string, times: number[]): void => {
    tries.delete(key);
    tries.set(key, times);
  };

  return {
    count: (account, address) => {
      const now = nowMs();
      const network = networkOf(address);
      const pair = pairKey(account, network);
      const [ofPair, ofNetwork] = [recent(pair, now), recent(network, now)];
      const wait = Math.max(waitMs(ofPair, perAccountAndAddress, now), waitMs(ofNetwork, perAddress, now));
      if (wait > 0) {
        const seconds = Math.ceil(wait / 1000);
        throw new TriedTooOften(`Too many tries; try again in ${seconds} s.`, wait);
      }
      remember(pair, [...ofPair, now]);
      remember(network, [...ofNetwork, now]);
      for (const key of tries.keys()) {
        if (tries.size <= maxRemembered) break;
        tries.delete(key);
      }
    },
    clear: (account, address) => {
      tries.delete(pairKey(account, networkOf(address)));
    },
  };
}

/** An account is a name or not: names that no user can have share one count, so that they fill no memory. */
function pairKey(account: string, network: string): string {
  return `${network} ${/^[\w-]{1,64}$/u.test(account) ? account : "?"}`;
}

/** One line of IPv6 has a network of 2^64 addresses to itself. */
function networkOf(address: string): string {
  const isV6 = address.includes(":") && !address.includes(".");
  return isV6 ? expandedV6(address).slice(0, 4).join(":") : address;
}

function expandedV6(address: string): string[] {
  const [head = "", tail] = address.replace(/%.*$/u, "").split("::");
  const left = head === "" ? [] : head.split(":");
  if (tail === undefined) return left;
  const right = tail === "" ? [] : tail.split(":");
  return [
    ...left,
    ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0"),
    ...right,
  ];
}
