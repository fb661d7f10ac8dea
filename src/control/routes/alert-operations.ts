// Alerts beside their resources: how they stand, a test of the webhooks, and what an alert would have done. Asks ports.
import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { alertRuleSchema, refuseForeignDimensions } from "../../resources/alert.ts";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { longestSpanMs, previewOf, previewQuery } from "../alerts/alert-preview.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import { findObject } from "../objects.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import { TriedTooOften } from "../tried-too-often.ts";
import { alertPreviewSchema, alertStatesSchema, alertTestSchema } from "./alert-schema.ts";
import type { AlertPort, TelemetryPort } from "./ports.ts";
import { invalidParameter, readMoment } from "./query-text.ts";
import { told } from "./traffic-operations.ts";

const json = ["application/json"];
const tag = "alerts";
const hourMs = 3_600_000;
const usualSpanMs = 24 * hourMs;

export function alertOperations(
  configuration: Configuration,
  alerts: AlertPort,
  telemetry: TelemetryPort,
  clock: Clock,
): Operation[] {
  return [
    {
      method: "get",
      path: "/api/v1/alert-states",
      id: "listAlertStates",
      summary: "Tell how every alert stands.",
      tag,
      access: "read",
      reach: "groups",
      status: 200,
      response: { description: "The states, by name.", mediaTypes: json, schema: alertStatesSchema },
      errors: [],
      handle: ({ principal }) => {
        const own = configurationFor(configuration, principal).working.resources.alerts;
        const items = alerts.states().filter(({ name }) => own.has(name));
        return jsonAnswer({ items: items.toSorted((left, right) => (left.name < right.name ? -1 : 1)) });
      },
    },
    previewOperation(telemetry, clock),
    testOperation(configuration, alerts),
  ];
}

/** At once: nobody shall try addresses out by the hundred. */
const maxTests = 4;

function testOperation(configuration: Configuration, alerts: AlertPort): Operation {
  let running = 0;
  return {
    method: "post",
    path: "/api/v1/alerts/{name}/test",
    id: "testAlert",
    summary: "Send a message marked as a test to every webhook of an alert, once.",
    tag,
    access: "write",
    reach: "groups",
    status: 200,
    response: { description: "What came of it.", mediaTypes: json, schema: alertTestSchema },
    errors: ["not_found", "too_many_tries"],
    handle: async ({ param, principal }) => {
      const own = configurationFor(configuration, principal, "write");
      const found = findObject(own.working, "alerts", param("name"));
      if (found.kind !== "alerts") throw new ControlError("not_found");
      if (running >= maxTests)
        throw new TriedTooOften(`${maxTests} tests run already; try again when one is done.`, 1_000);
      running += 1;
      try {
        return jsonAnswer(await alerts.test(found.value));
      } finally {
        running -= 1;
      }
    },
  };
}

const moment = z.union([z.string(), z.number().transform(String)]).optional();

const previewInput = strict({
  ...alertRuleSchema.shape,
  from: moment.describe("ISO 8601 or milliseconds since 1970. Default: a day before `to`."),
  to: moment.describe("Default: now."),
}).superRefine(refuseForeignDimensions);

/** Asked by POST because of what it takes; it changes nothing. */
function previewOperation(telemetry: TelemetryPort, clock: Clock): Operation {
  return {
    method: "post",
    path: "/api/v1/alerts/preview",
    id: "previewAlert",
    summary: "Tell what an alert that is not saved would have done.",
    tag,
    access: "read",
    reach: "groups",
    request: { description: "The rule and a span.", mediaTypes: json, schema: previewInputSchema() },
    status: 200,
    response: {
      description: "The series, and when it would have fired.",
      mediaTypes: json,
      schema: alertPreviewSchema,
    },
    errors: ["traffic_unavailable"],
    handle: async (call) => {
      const rule = readPreview(await call.json());
      const toMs = rule.to === undefined ? clock.wallMs() : readMoment("to", rule.to);
      const longestMs = longestSpanMs(rule);
      const fromMs =
        rule.from === undefined ? toMs - Math.min(usualSpanMs, longestMs) : readMoment("from", rule.from);
      if (fromMs >= toMs) throw invalidParameter("from", "must be before to");
      if (toMs - fromMs > longestMs)
        throw invalidParameter("from", `is more than ${longestMs / hourMs} hours before to`);
      const own = telemetryFor(telemetry, call.principal);
      return jsonAnswer(previewOf(rule, await told(own.ask("metrics", previewQuery(rule, fromMs, toMs)))));
    },
  };
}

function readPreview(body: JsonObject): z.output<typeof previewInput> {
  const result = previewInput.safeParse(body, { error: readableMessage });
  if (result.success) return result.data;
  const issues = readableIssues(result.error);
  const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
  throw new ControlError("invalid", message, issues);
}

function previewInputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(previewInput, { io: "input" });
  return schema;
}
