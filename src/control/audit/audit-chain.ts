// How entries are chained: each is proved by an HMAC over the chain so far and its own text, and both ends of the log have
// a proof of their own. Knows a keyed function, not the key, and not what an entry says.
import type { AuditEnd, AuditRow } from "../../store/store.ts";

/** HMAC-SHA-256, hex, under a key that only the program has. */
export type Mac = (text: string) => string;

export type EndName = "anchor" | "head";

/** What is wrong with a log, where it is first wrong. */
export type AuditFault = "changed" | "missing" | "truncated" | "not-ours" | "end-changed" | "went-back";

/** The chain of the very first entry goes on from this. */
const beginning = "";

/** @param after chain of the entry before; undefined for the first one */
export function chainOf(mac: Mac, after: string | undefined, number: number, text: string): string {
  return mac(`audit entry\n${after ?? beginning}\n${number}\n${text}`);
}

export function endAt(mac: Mac, name: EndName, number: number, chain: string): AuditEnd {
  return { number, chain, proof: mac(`audit ${name}\n${number}\n${chain}`) };
}

export function isOurs(mac: Mac, name: EndName, { number, chain, proof }: AuditEnd): boolean {
  return endAt(mac, name, number, chain).proof === proof;
}

/** Looks at rows one after the other, from the anchor on. */
export class ChainCheck {
  readonly #mac: Mac;
  #number: number;
  #chain: string | undefined;
  #count = 0;

  constructor(mac: Mac, anchor: AuditEnd | undefined) {
    this.#mac = mac;
    this.#number = anchor?.number ?? 0;
    this.#chain = anchor?.chain;
  }

  /** Of the row looked at last. */
  get number(): number {
    return this.#number;
  }

  get chain(): string | undefined {
    return this.#chain;
  }

  /** How many rows were good. */
  get count(): number {
    return this.#count;
  }

  /** Undefined while everything is as it was written. */
  next({ number, text, chain }: AuditRow): AuditFault | undefined {
    if (number !== this.#number + 1) return "missing";
    if (chainOf(this.#mac, this.#chain, number, text) !== chain) return "changed";
    this.#number = number;
    this.#chain = chain;
    this.#count += 1;
    return undefined;
  }

  /** After the last row. */
  end(head: AuditEnd | undefined): AuditFault | undefined {
    if (head === undefined) return this.#number === 0 ? undefined : "end-changed";
    if (!isOurs(this.#mac, "head", head)) return "end-changed";
    if (this.#number < head.number) return "truncated";
    if (this.#number > head.number) return "not-ours";
    return head.chain === this.#chain ? undefined : "changed";
  }
}
