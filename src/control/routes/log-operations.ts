// Records of exchanges. Reads them through ports; recorded content goes only to roles that may see it.
import type { LogFilters } from "../../telemetry/recent-exchanges.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import { readLimit } from "../listing.ts";
import type { Operation } from "../operation.ts";
import { roleAllows } from "../roles.ts";
import type { TrafficPort } from "./ports.ts";
import { pageOf } from "./resource-schemas.ts";
import { told } from "./traffic-operations.ts";
import { summarySchema } from "./traffic-schema.ts";

const contentFields: ReadonlySet<string> = new Set(["requestContent", "responseContent"]);
const json = ["application/json"];

const filterTexts = {
  api: "Only those of this Model API.",
  service: "Only those that were sent to this service.",
  model: "Only those that asked for this model, or were sent on with it.",
  consumer: "Only those of this consumer.",
  status: "Only those with this status, such as `429`, or `5xx`.",
  outcome: "Only those that ended so, such as `upstream_error`.",
} as const satisfies Readonly<Record<keyof LogFilters, string>>;

const defaultLimit = 100;
const maximumLimit = 500;

export function logOperations(
  findRecord: (requestId: string) => Promise<object | undefined>,
  port: TrafficPort,
): Operation[] {
  return [listOperation(port), readOperation(findRecord)];
}

function listOperation(port: TrafficPort): Operation {
  return {
    method: "get",
    path: "/api/v1/logs",
    id: "listLogRecords",
    summary:
      "List the newest exchanges, newest first: of those kept in memory, the newest 5,000 and 50 of each Model API.",
    tag: "logs",
    access: "read",
    parameters: [
      ...Object.entries(filterTexts).map(([name, description]) => ({
        name,
        in: "query" as const,
        description,
        schema: { type: "string" },
      })),
      {
        name: "limit",
        in: "query",
        description: "",
        schema: { type: "integer", minimum: 1, maximum: maximumLimit, default: defaultLimit },
      },
      {
        name: "cursor",
        in: "query",
        description: "`nextCursor` of the page before.",
        schema: { type: "string" },
      },
    ],
    status: 200,
    response: {
      description: "One page; null as `nextCursor` is the end of what is kept.",
      mediaTypes: json,
      schema: pageOf(summarySchema),
    },
    errors: ["traffic_unavailable"],
    handle: async ({ query }) => {
      const { limit, cursor, ...filters } = Object.fromEntries(query);
      const page = await told(
        port.logs({
          filters,
          limit: readLimit(limit, defaultLimit, maximumLimit),
          after: cursor === undefined ? null : readCursor(cursor),
        }),
      );
      const { nextCursor } = page;
      return jsonAnswer({ ...page, nextCursor: nextCursor === null ? null : writeCursor(nextCursor) });
    },
  };
}

function readOperation(findRecord: (requestId: string) => Promise<object | undefined>): Operation {
  return {
    method: "get",
    path: "/api/v1/logs/{requestId}",
    id: "readLogRecord",
    summary: "Read the record of an exchange by its `x-request-id`.",
    tag: "logs",
    access: "read",
    status: 200,
    response: { description: "The record.", mediaTypes: json, schema: { type: "object" } },
    errors: ["not_found"],
    handle: async ({ param, principal }) => {
      const record = await findRecord(param("requestId"));
      if (record === undefined) throw new ControlError("not_found", "There is no record of this request.");
      if (roleAllows(principal.role, "content")) return jsonAnswer(record);
      return jsonAnswer(
        Object.fromEntries(Object.entries(record).filter(([name]) => !contentFields.has(name))),
      );
    },
  };
}

function writeCursor(place: string): string {
  return Buffer.from(place, "utf8").toString("base64url");
}

function readCursor(cursor: string): string {
  const place = Buffer.from(cursor, "base64url").toString("utf8");
  if (writeCursor(place) === cursor && /^\d{4}-\d\d-\d\dT[\d:.]+Z /u.test(place)) return place;
  throw new ControlError("invalid", "The cursor is not one that this list gave.");
}
