// What one consumer has used, by model. Asks a port; quotas are not served, so that there are none to tell of.
import type { Clock } from "../../core/clock.ts";
import type { UsageRow } from "../../telemetry/metrics-answers.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { findObject } from "../objects.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";
import { spanParameters } from "./metrics-operations.ts";
import { readUsageQuery } from "./metrics-query-text.ts";
import type { TelemetryPort } from "./ports.ts";
import { told } from "./traffic-operations.ts";

const usageSchema = objectOf({
  quotas: {
    ...arrayOf(objectOf({ name: text, used: number, limit: number, resetsAt: orNull(text) })),
    description: "Empty: this build serves no quotas.",
  },
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

export function consumerUsageOperations(
  configuration: Configuration,
  port: TelemetryPort,
  clock: Clock,
): Operation[] {
  return [
    {
      method: "get",
      path: "/api/v1/consumers/{name}/usage",
      id: "readConsumerUsage",
      summary: "Add up what a consumer has used, by model: of 30 days unless a time is given.",
      tag: "consumers",
      access: "read",
      reach: "groups",
      parameters: spanParameters,
      status: 200,
      response: { description: "The usage.", mediaTypes: ["application/json"], schema: usageSchema },
      errors: ["not_found", "traffic_unavailable"],
      handle: async ({ param, queryLists, principal }) => {
        const { working } = configurationFor(configuration, principal);
        const { name } = findObject(working, "consumers", param("name"));
        const span = readUsageQuery(queryLists, clock.wallMs());
        const filters = [{ dimension: "consumer", not: false, values: [name] }] as const;
        const { items } = await told(
          telemetryFor(port, principal).ask("usage", { ...span, groupBy: ["model"], filters }),
        );
        return jsonAnswer({ quotas: [], models: items.map(modelOf) });
      },
    },
  ];
}

function modelOf({ labels, inputTokens, outputTokens, costUsd, requests }: UsageRow) {
  return { model: labels.model ?? "", inputTokens, outputTokens, costUsd, requests };
}
