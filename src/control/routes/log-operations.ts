// Records of exchanges: lists, one of them, traces, what somebody thinks of an answer. Asks a port; recorded content
// goes only to roles that may see it.
import { z } from "zod";
import { isoTime } from "../../lib/iso-time.ts";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type { LogFeedback, LogQuery } from "../../telemetry/log-answers.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { JsonSchema, Operation, Parameter, Principal } from "../operation.ts";
import { allowsAnywhere, covers, heldText, reachOf } from "../../resources/held-role.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import { writeCursor } from "./cursor-text.ts";
import { logDetailSchema, logPageSchema, feedbackSchema, traceSchema } from "./log-schema.ts";
import {
  defaultLimit,
  facetFields,
  logFields,
  maximumColumns,
  maximumLimit,
  readLogQuery,
} from "./log-query-text.ts";
import { labelFeedback } from "../routing/feedback-labels.ts";
import { kept } from "../routing/store-faults.ts";
import type { AdminApiPorts, TelemetryPort } from "./ports.ts";
import { told } from "./traffic-operations.ts";

const json = ["application/json"];
const contentFields: ReadonlySet<string> = new Set(["requestContent", "responseContent"]);

const listing = { type: "string" } as const;

/** The fields of a record as parameters. */
export const fieldParameters: readonly Parameter[] = Object.entries(logFields).map(
  ([name, { kind, text }]) => ({
    name,
    in: "query",
    description: kind === "flag" ? `${text} \`true\` or \`false\`.` : text,
    schema: kind === "flag" ? { type: "boolean" } : listing,
  }),
);

export const spanParameters: readonly Parameter[] = [
  {
    name: "from",
    in: "query",
    description: "Earliest start: ISO 8601, a day (UTC), or milliseconds since 1970.",
    schema: listing,
  },
  { name: "to", in: "query", description: "Starts before this moment.", schema: listing },
];

export const searchParameter: Parameter = {
  name: "search",
  in: "query",
  description:
    'Words that recorded content must hold, all of them; `"…"` = a phrase. For roles that may see content.',
  schema: listing,
};

const pageParameters: readonly Parameter[] = [
  {
    name: "limit",
    in: "query",
    description: "",
    schema: { type: "integer", minimum: 1, maximum: maximumLimit, default: defaultLimit },
  },
  { name: "cursor", in: "query", description: "`nextCursor` of the page before.", schema: listing },
  {
    name: "facets",
    in: "query",
    description: `Fields whose values are counted over everything that matches: ${facetFields.join(", ")}.`,
    schema: listing,
  },
  {
    name: "histogram",
    in: "query",
    description: "Columns of a histogram over the whole span.",
    schema: { type: "integer", minimum: 1, maximum: maximumColumns },
  },
];

/** How filters are written, for whoever reads the description. */
export const filterSyntax =
  "Each field of a record is a parameter. Texts: `a,b` or a repeated parameter = one of them, `!a` = not, `*` and `?` = any characters, nothing = empty. Numbers: `5`, `>5`, `>=5`, `<5`, `<=5`, `5..9`, `5..`, `..9`, and `5xx` for a status. A backslash takes the meaning from a comma or `!`.";

/** What feedback needs beside the records. */
type FeedbackPorts = Pick<AdminApiPorts, "configuration" | "routing" | "clock">;

export function logOperations(port: TelemetryPort, ports: FeedbackPorts): Operation[] {
  return [listOperation(port), readOperation(port), traceOperation(port), ...feedbackOperations(port, ports)];
}

/** Content is searched only where whoever asks may see it. */
export function logsFor(port: TelemetryPort, principal: Principal, { search }: LogQuery): TelemetryPort {
  return telemetryFor(port, principal, search === null ? "read" : "content");
}

/** @throws ControlError `forbidden`: who may not see content shall not find out by searching what it holds */
export function requireSearchAllowed({ search }: LogQuery, { roles }: Principal): void {
  if (search === null || allowsAnywhere(roles, "content")) return;
  throw new ControlError(
    "forbidden",
    `${heldText(roles)} does not see recorded content, and so cannot search it.`,
  );
}

function listOperation(port: TelemetryPort): Operation {
  return {
    method: "get",
    path: "/api/v1/logs",
    id: "listLogRecords",
    summary: `List exchanges, newest first. ${filterSyntax}`,
    tag: "logs",
    access: "read",
    reach: "groups",
    listQuery: true,
    parameters: [...fieldParameters, ...spanParameters, searchParameter, ...pageParameters],
    status: 200,
    response: { description: "One page.", mediaTypes: json, schema: logPageSchema },
    errors: ["traffic_unavailable"],
    handle: async ({ queryLists, principal }) => {
      const query = readLogQuery(queryLists);
      requireSearchAllowed(query, principal);
      const page = await told(logsFor(port, principal, query).ask("logs", query));
      const { nextCursor } = page;
      return jsonAnswer({ ...page, nextCursor: nextCursor === null ? null : writeCursor(nextCursor) });
    },
  };
}

function readOperation(port: TelemetryPort): Operation {
  return {
    method: "get",
    path: "/api/v1/logs/{requestId}",
    id: "readLogRecord",
    summary: "Read the record of an exchange by its `x-request-id`.",
    tag: "logs",
    access: "read",
    reach: "groups",
    status: 200,
    response: { description: "The record.", mediaTypes: json, schema: logDetailSchema },
    errors: ["not_found", "traffic_unavailable"],
    handle: async ({ param, principal }) => {
      const record = await told(telemetryFor(port, principal).ask("log", { requestId: param("requestId") }));
      if (record === null) throw noRecord();
      const contentHidden = !covers(reachOf(principal.roles, "content"), [record.resourceGroup]);
      const shown = Object.entries(record).filter(([name]) => !contentHidden || !contentFields.has(name));
      return jsonAnswer({ ...Object.fromEntries(shown), contentHidden });
    },
  };
}

function traceOperation(port: TelemetryPort): Operation {
  return {
    method: "get",
    path: "/api/v1/traces/{traceId}",
    id: "readTrace",
    summary: "List the exchanges of a trace, oldest first.",
    tag: "logs",
    access: "read",
    reach: "groups",
    status: 200,
    response: { description: "The exchanges.", mediaTypes: json, schema: traceSchema },
    errors: ["not_found", "traffic_unavailable"],
    handle: async ({ param, principal }) => {
      const traceId = param("traceId").toLowerCase();
      const trace = /^[0-9a-f]{32}$/u.test(traceId)
        ? await told(telemetryFor(port, principal).ask("trace", { traceId }))
        : null;
      if (trace === null || trace.items.length === 0)
        throw new ControlError("not_found", "There is no exchange of this trace.");
      return jsonAnswer(trace);
    },
  };
}

const feedbackInput = strict({
  score: z.literal([-1, 0, 1], { error: "must be -1, 0 or 1" }).describe("-1 bad, 0 neither, 1 good."),
  comment: z.string().max(4_096).default("").describe("Why."),
});

function feedbackOperations(port: TelemetryPort, ports: FeedbackPorts): Operation[] {
  const path = "/api/v1/logs/{requestId}/feedback";
  const shared = {
    path,
    tag: "logs",
    access: "write",
    reach: "groups",
    errors: ["not_found", "traffic_unavailable", "store_unavailable"],
  } as const;
  const { clock, configuration, routing } = ports;
  const put = async (
    principal: Principal,
    requestId: string,
    feedback: LogFeedback | null,
  ): Promise<void> => {
    const own = telemetryFor(port, principal, "write");
    if (!(await told(own.ask("feedback", { requestId, feedback })))) throw noRecord();
    const { labels } = routing;
    const read = (id: string) => told(own.ask("log", { requestId: id }));
    await kept(() => labelFeedback({ labels, working: configuration.working, read }, requestId, feedback));
  };
  return [
    {
      ...shared,
      method: "post",
      id: "giveFeedback",
      summary: "Say what you think of an answer; the newest word counts.",
      request: { description: "Score and comment.", mediaTypes: json, schema: feedbackInputSchema() },
      status: 200,
      response: { description: "What is kept.", mediaTypes: json, schema: feedbackSchema },
      handle: async (call) => {
        const given = readFeedback(await call.json());
        const feedback = { ...given, by: call.principal.name, at: isoTime(clock.wallMs()) };
        await put(call.principal, call.param("requestId"), feedback);
        return jsonAnswer(feedback);
      },
    },
    {
      ...shared,
      method: "delete",
      id: "deleteFeedback",
      summary: "Take back what was thought of an answer.",
      status: 204,
      response: { description: "It is gone." },
      handle: async ({ param, principal }) => {
        await put(principal, param("requestId"), null);
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function noRecord(): ControlError {
  return new ControlError("not_found", "There is no record of this request.");
}

function readFeedback(body: JsonObject): z.output<typeof feedbackInput> {
  const result = feedbackInput.safeParse(body, { error: readableMessage });
  if (result.success) return result.data;
  const issues = readableIssues(result.error);
  throw new ControlError(
    "invalid",
    issues.map(({ path, message }) => `${path} ${message}`).join("; "),
    issues,
  );
}

function feedbackInputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(feedbackInput, { io: "input" });
  return schema;
}
