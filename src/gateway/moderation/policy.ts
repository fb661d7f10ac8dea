// How strict a Model API is: which checks it has, and what follows a find. Pure; asks nobody.
import type { Direction, Find, ModerationCheck, ModerationDimension, Risk } from "./check.ts";

export type Level = "low" | "medium" | "high" | "observe";

export interface PolicyRule {
  /** Whether the rule is for a consumer. */
  readonly consumer: (name: string) => boolean;
  readonly dimension: ModerationDimension | "any";
  readonly level: Level;
}

/** The moderation of one Model API, made once per plan. */
export interface ModerationPolicy {
  readonly dryRun: boolean;
  readonly request: boolean;
  readonly response: boolean;
  readonly images: boolean;
  readonly onError: "block" | "pass";
  /** Characters of a stream that remote checks are asked about at once. */
  readonly windowCharacters: number;
  readonly checks: readonly ModerationCheck[];
  readonly rules: readonly PolicyRule[];
}

/** What follows a find. */
export type FindAction = "block" | "mask" | "observe";

/** A find with what follows it. */
export interface JudgedFind extends Find {
  readonly check: string;
  readonly action: FindAction;
  /** Place of the rule that decided among those of the policy; -1 = there was none. */
  readonly rule: number;
}

const ranks: Readonly<Record<Risk, number>> = { low: 1, medium: 2, high: 3 };
/** The lowest risk that each level blocks. */
const blocksFrom: Readonly<Record<Level, number>> = { low: 3, medium: 2, high: 1, observe: Infinity };

/** Judges a find of a check by the first rule that fits. */
export function judgeFind(
  policy: ModerationPolicy,
  consumer: string,
  check: Pick<ModerationCheck, "name" | "action">,
  find: Find,
): JudgedFind {
  const rule = policy.rules.findIndex(
    ({ dimension, consumer: isFor }) =>
      (dimension === "any" || dimension === find.dimension) && isFor(consumer),
  );
  const level = policy.rules[rule]?.level ?? "low";
  const acts = ranks[find.risk] >= blocksFrom[level] && !policy.dryRun;
  return { ...find, check: check.name, action: acts ? check.action : "observe", rule };
}

/** The checks for one direction, by how they judge. */
export interface DirectedChecks {
  readonly local: readonly ModerationCheck[];
  readonly remote: readonly ModerationCheck[];
  readonly image: readonly ModerationCheck[];
  /** The furthest that a local check may look back, in UTF-16 code units. */
  readonly reach: number;
}

/** A check that wants to see more than this again does not get it. */
const maxReach = 8_192;

export function checksFor(policy: ModerationPolicy, direction: Direction): DirectedChecks {
  const on = policy.checks.filter((check) => check.on.includes(direction));
  const local = on.filter(({ remote }) => !remote);
  return {
    local,
    remote: on.filter(({ remote }) => remote),
    image: policy.images ? on.filter(({ image }) => image !== undefined) : [],
    reach: Math.min(maxReach, Math.max(0, ...local.map(({ reach }) => reach))),
  };
}

/** What stands in the place of what was found. Holds nothing of it, whatever a service gave as its label. */
export function maskOf({ label }: Pick<Find, "label">): string {
  const safe = label.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 64);
  return `[${safe === "" ? "removed" : safe}]`;
}
