// The targets that a request could get, before one is selected. Knows no limit.
import { compilePattern, type Pattern } from "../../lib/wildcard.ts";
import type { SnapshotApi, SnapshotTarget } from "../../snapshot/snapshot.ts";
import { modeTargets } from "../../snapshot/snapshot-targets.ts";

export function* possibleTargets(config: SnapshotApi, model: string | undefined): Generator<SnapshotTarget> {
  const { modelService, fallback } = config;
  if (modelService.mode !== "by-model-name") yield* modeTargets(modelService);
  else {
    const fitting = rulesOf(config).filter(({ pattern }) => model !== undefined && pattern.matches(model));
    yield* fitting.map(({ target }) => target);
    if (fitting.length === 0 && modelService.default !== undefined) yield modelService.default;
  }
  yield* fallback.targets;
}

interface NameRule {
  readonly pattern: Pattern;
  readonly target: SnapshotTarget;
}

/** By Model API of a snapshot: made ready by the first request that needs them. */
const known = new WeakMap<SnapshotApi, readonly NameRule[]>();

function rulesOf(config: SnapshotApi): readonly NameRule[] {
  let rules = known.get(config);
  if (rules === undefined) {
    const { modelService } = config;
    const listed = modelService.mode === "by-model-name" ? modelService.rules : [];
    rules = listed.map(({ pattern, target }) => ({ pattern: compilePattern(pattern), target }));
    known.set(config, rules);
  }
  return rules;
}
