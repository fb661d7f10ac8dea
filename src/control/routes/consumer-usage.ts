// What a consumer or a consumer group has used: of its quotas, and by model. Asks ports; knows no counter.
import type { Clock } from "../../core/clock.ts";
import type { UsageRow } from "../../telemetry/metrics-answers.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { findObject } from "../objects.ts";
import type { Call, Operation } from "../operation.ts";
import type { WorkingSet } from "../working-set.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import type { QuotaState } from "../quotas/quota-answers.ts";
import { quotasOf } from "../quotas/quota-directory.ts";
import { arrayOf, integer, number, objectOf, text } from "./answer-schema.ts";
import { spanParameters } from "./metrics-operations.ts";
import { readUsageQuery } from "./metrics-query-text.ts";
import type { QuotaPort, TelemetryPort } from "./ports.ts";
import { quotaStateSchema } from "./quota-schema.ts";
import { told } from "./traffic-operations.ts";

const usageSchema = objectOf({
  quotas: arrayOf(quotaStateSchema),
  models: {
    ...arrayOf(
      objectOf({
        model: { ...text, description: "As it was sent to the service." },
        inputTokens: integer,
        outputTokens: integer,
        costUsd: number,
        requests: integer,
      }),
    ),
    description: "Highest cost first, then most tokens.",
  },
});

const shared = {
  method: "get",
  access: "read",
  reach: "groups",
  parameters: spanParameters,
  status: 200,
  response: { description: "The usage.", mediaTypes: ["application/json"], schema: usageSchema },
  errors: ["not_found", "traffic_unavailable"],
} as const;

export function consumerUsageOperations(
  configuration: Configuration,
  quotas: QuotaPort,
  telemetry: TelemetryPort,
  clock: Clock,
): Operation[] {
  const usedBy = async (consumers: readonly string[], { principal, queryLists }: Call) => {
    const span = readUsageQuery(queryLists, clock.wallMs());
    if (consumers.length === 0) return [];
    const filters = [{ dimension: "consumer", not: false, values: consumers }] as const;
    const asked = telemetryFor(telemetry, principal).ask("usage", { ...span, groupBy: ["model"], filters });
    return (await told(asked)).items.map(modelOf);
  };
  return [
    {
      ...shared,
      path: "/api/v1/consumers/{name}/usage",
      id: "readConsumerUsage",
      summary:
        "Tell what a consumer has used of its quotas, and by model: of 30 days unless a time is given.",
      tag: "consumers",
      handle: async (call) => {
        const { working } = configurationFor(configuration, call.principal);
        const { name } = findObject(working, "consumers", call.param("name"));
        const models = await usedBy([name], call);
        return jsonAnswer({ quotas: quotasOfConsumer(working, quotas, name), models });
      },
    },
    {
      ...shared,
      path: "/api/v1/consumer-groups/{name}/usage",
      id: "readConsumerGroupUsage",
      summary:
        "Tell what the members of a consumer group have used together: of its quotas, and by model, of 30 days unless a time is given.",
      tag: "consumer-groups",
      handle: async (call) => {
        const { working } = configurationFor(configuration, call.principal);
        const { name } = findObject(working, "consumer-groups", call.param("name"));
        const models = await usedBy(membersOf(working, name), call);
        return jsonAnswer({ quotas: quotasOfGroup(working, quotas, name), models });
      },
    },
  ];
}

/** Its own, then those of its groups. */
function quotasOfConsumer(working: WorkingSet, quotas: QuotaPort, name: string): QuotaState[] {
  const value = working.resources.consumers.get(name)?.value;
  if (value === undefined) return [];
  const own = quotasOf("consumers", value).map((quota) => quotas.stateOf(quota));
  const ofGroups = value.groups.flatMap((group) =>
    quotasOfGroup(working, quotas, group).map((state) => ({ ...state, group })),
  );
  return [...own, ...ofGroups];
}

function quotasOfGroup({ resources }: WorkingSet, quotas: QuotaPort, name: string): QuotaState[] {
  const value = resources["consumer-groups"].get(name)?.value;
  return value === undefined ? [] : quotasOf("consumer-groups", value).map((quota) => quotas.stateOf(quota));
}

/** Those that belong to it now. */
function membersOf({ resources }: WorkingSet, group: string): string[] {
  const members: string[] = [];
  for (const { name, value } of resources.consumers.values())
    if (value.groups.includes(group)) members.push(name);
  return members;
}

function modelOf({ labels, inputTokens, outputTokens, costUsd, requests }: UsageRow) {
  return { model: labels.model ?? "", inputTokens, outputTokens, costUsd, requests };
}
