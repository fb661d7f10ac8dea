// From the moderation of a Model API in the snapshot to what its requests are judged by. Built once per plan, or once for
// all where its checks ask nobody.
import { compilePattern } from "../../lib/linear-pattern/linear-pattern.ts";
import type { SnapshotModeration } from "../../snapshot/snapshot-moderation.ts";
import type { ModerationCheck } from "./check.ts";
import type { ModerationPolicy, PolicyRule } from "./policy.ts";

/** Makes the checks of a Model API. */
export type CheckMaker = (config: SnapshotModeration) => readonly ModerationCheck[];

/** By configuration: most of them are in the next snapshot too, and word lists are long. */
const known = new WeakMap<SnapshotModeration, ModerationPolicy>();

export function planModeration(config: SnapshotModeration, makeChecks: CheckMaker): ModerationPolicy {
  const before = known.get(config);
  if (before !== undefined) return before;
  const { dryRun, request, response, images, onError } = config;
  const policy: ModerationPolicy = {
    dryRun,
    request,
    response,
    images,
    onError,
    windowCharacters: config.streamWindowCharacters,
    checks: makeChecks(config),
    rules: config.rules.map(planRule),
  };
  if (policy.checks.every(({ remote }) => !remote)) known.set(config, policy);
  return policy;
}

function planRule({ consumer, dimension, level }: SnapshotModeration["rules"][number]): PolicyRule {
  return { consumer: matcherOf(consumer), dimension, level };
}

function matcherOf(match: SnapshotModeration["rules"][number]["consumer"]): (name: string) => boolean {
  switch (match.type) {
    case "any":
      return () => true;
    case "exact":
      return (name) => name === match.value;
    case "prefix":
      return (name) => name.startsWith(match.value);
    case "regex": {
      const pattern = compilePattern(match.value);
      return (name) => pattern.spans(name).length > 0;
    }
  }
}
