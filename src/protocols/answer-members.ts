// Looks at chosen top-level members of a whole JSON answer without parsing the rest. Must not know any protocol.
import { prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import type { JsonMember, ScanPlan } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";
import type { AnswerKind, AnswerVerdict } from "./wire.ts";

const closeBracket = 0x5d;

/** The members that a protocol looks at. */
export interface AnswerPlan<Key extends string> {
  readonly keys: readonly Key[];
  readonly scan: ScanPlan;
  /** Whether JSON that is no object is an answer of some routes. */
  readonly anyJson: boolean;
}

/** Prepares looking at a few members; made once per protocol. */
export function planAnswer<const Key extends string>(
  keys: readonly Key[],
  { anyJson = false } = {},
): AnswerPlan<Key> {
  return { keys, scan: prepareScan(keys), anyJson };
}

/** Members of one answer; values are parsed when asked for. */
export class AnswerMembers<Key extends string> {
  readonly #body: Buffer;
  readonly #keys: readonly Key[];
  readonly #members: readonly (JsonMember | undefined)[];

  constructor(body: Buffer, keys: readonly Key[], members: readonly (JsonMember | undefined)[]) {
    this.#body = body;
    this.#keys = keys;
    this.#members = members;
  }

  /** Where the member stands; undefined when there is none. */
  get(key: Key): JsonMember | undefined {
    return this.#members[this.#keys.indexOf(key)];
  }

  /** The parsed value; undefined when there is none. */
  value(key: Key): unknown {
    const member = this.get(key);
    return member && parseJson(this.#body.toString("utf8", member.start, member.end));
  }

  isList(key: Key): boolean {
    return this.get(key)?.kind === "array";
  }

  /** Whether the member is a list of at least one item. */
  isFilledList(key: Key): boolean {
    const member = this.get(key);
    return member?.kind === "array" && this.#body[skipSpace(this.#body, member.start + 1)] !== closeBracket;
  }

  /** Items of a list; 0 for anything else. */
  count(key: Key): number {
    const list = this.isFilledList(key) ? this.value(key) : undefined;
    return Array.isArray(list) ? list.length : 0;
  }
}

/** The members, or the verdict on an answer that is no object. */
export function readAnswer<Key extends string>(
  body: Buffer,
  plan: AnswerPlan<Key>,
  kind: AnswerKind,
): AnswerMembers<Key> | AnswerVerdict {
  // Not the service's own words: a file that holds JSON is no answer to be judged.
  if (kind === "bytes") return answerWithout;
  const scan = scanObject(body, plan.scan);
  if (scan.ok) return new AnswerMembers(body, plan.keys, scan.members);
  if (skipSpace(body, 0) === body.length) return { kind: "empty" };
  // Too deep to be looked into, which is the service's right.
  if (scan.error === "too-deep") return answerWithout;
  const other = plan.anyJson && scan.error === "not-an-object" && kind !== "generation";
  return other && parseJson(body.toString()) !== undefined ? answerWithout : { kind: "invalid" };
}

/** A good answer that tells nothing about usage. */
export const answerWithout: AnswerVerdict = { kind: "answer", usage: undefined };
