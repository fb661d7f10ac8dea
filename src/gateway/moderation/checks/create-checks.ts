// From the checks of a Model API to what is asked for every piece of text: one row per type. Built once per plan.
import { systemClock, type Clock } from "../../../core/clock.ts";
import { Readings } from "../../../lib/text-folding/readings.ts";
import type { SnapshotCheck, SnapshotModeration } from "../../../snapshot/snapshot-moderation.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import type { ModerationCheck } from "../check.ts";
import { alibabaGuardrails } from "./alibaba-guardrails.ts";
import { keywordsFinder } from "./keywords-check.ts";
import { llmJudge } from "./llm-judge.ts";
import { localCheck } from "./local-check.ts";
import { openAiModeration } from "./openai-moderation.ts";
import { personalDataFinder } from "./personal-data-check.ts";
import { promptAttackFinder } from "./prompt-attack-check.ts";
import { regexFinder } from "./regex-check.ts";
import { remoteCheck } from "./remote-check.ts";
import { webhookJudge } from "./webhook-check.ts";

/** What checks that ask somebody need. */
export interface CheckTools {
  /** Of the plan, by name. */
  readonly services: ReadonlyMap<string, ServiceRuntime>;
  readonly upstream: Upstream;
  readonly clock?: Clock;
}

/** In the order of the configuration. */
export function createChecks(config: SnapshotModeration, tools: CheckTools): readonly ModerationCheck[] {
  const readings = new Readings();
  return config.checks.map((check) => createCheck(check, { ...tools, config, readings }));
}

interface Surroundings extends CheckTools {
  readonly config: SnapshotModeration;
  readonly readings: Readings;
}

function createCheck(
  check: SnapshotCheck,
  { config, readings, services, upstream, clock = systemClock }: Surroundings,
): ModerationCheck {
  switch (check.type) {
    case "keywords":
      return localCheck(check, keywordsFinder(check), readings);
    case "regex":
      return localCheck(check, regexFinder(check, config.streamWindowCharacters), readings);
    case "personal-data":
      return localCheck(check, personalDataFinder(check), readings);
    case "prompt-attack":
      return localCheck(check, promptAttackFinder(check), readings);
    case "openai-moderation":
      return remoteCheck(check, openAiModeration(check, services.get(check.service), upstream), clock);
    case "llm-judge":
      return remoteCheck(check, llmJudge(check, services.get(check.service), upstream), clock);
    case "alibaba-guardrails":
      return remoteCheck(check, alibabaGuardrails(check, { upstream, clock }), clock);
    case "webhook":
      return remoteCheck(check, webhookJudge(check, upstream), clock);
  }
}
