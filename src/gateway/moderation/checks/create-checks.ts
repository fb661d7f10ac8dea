// From the checks of a Model API to what is asked for every piece of text: one row per type. Built once per plan.
import { Readings } from "../../../lib/text-folding/readings.ts";
import type { SnapshotCheck, SnapshotModeration } from "../../../snapshot/snapshot-moderation.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { ModerationCheck } from "../check.ts";
import { keywordsFinder } from "./keywords-check.ts";
import { localCheck } from "./local-check.ts";
import { personalDataFinder } from "./personal-data-check.ts";
import { promptAttackFinder } from "./prompt-attack-check.ts";
import { regexFinder } from "./regex-check.ts";

/** What checks that ask somebody need. */
export interface CheckTools {
  /** Of the plan, by name. */
  readonly services: ReadonlyMap<string, ServiceRuntime>;
  readonly upstream: Upstream;
}

/** In the order of the configuration, those that this build has. */
export function createChecks(config: SnapshotModeration, _tools: CheckTools): readonly ModerationCheck[] {
  const readings = new Readings();
  return config.checks.flatMap((check) => createCheck(check, config, readings) ?? []);
}

function createCheck(
  check: SnapshotCheck,
  { streamWindowCharacters }: SnapshotModeration,
  readings: Readings,
): ModerationCheck | undefined {
  switch (check.type) {
    case "keywords":
      return localCheck(check, keywordsFinder(check), readings);
    case "regex":
      return localCheck(check, regexFinder(check, streamWindowCharacters), readings);
    case "personal-data":
      return localCheck(check, personalDataFinder(check), readings);
    case "prompt-attack":
      return localCheck(check, promptAttackFinder(check), readings);
    default:
      return undefined;
  }
}
