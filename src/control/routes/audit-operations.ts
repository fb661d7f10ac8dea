// The audit log as readers see it: pages, a file, and whether it is as it was written. Knows no chain and no store.
import { auditPage } from "../audit/audit-query.ts";
import type { AuditFilter } from "../audit/audit-query.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import { readLimit } from "../listing.ts";
import type { Call, Operation, Parameter } from "../operation.ts";
import { reachOf } from "../../resources/held-role.ts";
import { auditCsvHead, auditCsvLine } from "./audit-export.ts";
import { auditPageSchema, auditVerdictSchema } from "./audit-schema.ts";
import { readCursor, writeCursor } from "./cursor-text.ts";
import { exportFormats } from "./log-export.ts";
import type { ExportFormat } from "./log-export.ts";
import { invalidParameter, listedValues, readMoment, readWord } from "./query-text.ts";
import { RunningAnswers, streamedText } from "./streamed-text.ts";

const json = ["application/json"];
const tag = "audit log";
const path = "/api/v1/audit-log";
const maxExports = 4;
const exportPage = 500;
const maxExportRows = 1_000_000;

const text = { type: "string" };

function parameter(name: string, description: string, schema: Parameter["schema"] = text): Parameter {
  return { name, in: "query", description, schema };
}

const filterParameters: readonly Parameter[] = [
  parameter("from", "First moment, such as 2026-11-22T08:00:00Z, a day, or milliseconds since 1970."),
  parameter("to", "The moment after the last."),
  parameter("actor", "Who did it, such as `user:ada`; several between commas."),
  parameter("action", "What was done, such as `update`; several between commas."),
  parameter("kind", "Kind of an object; also finds what changed it among others."),
  parameter("name", "Name of an object."),
  parameter("result", "`ok` or `refused`."),
  parameter("search", "Part of an entry, in any case."),
];

export function auditOperations(log: AuditLog): Operation[] {
  return [listOperation(log), exportOperation(log), verifyOperation(log)];
}

function listOperation(log: AuditLog): Operation {
  return {
    method: "get",
    path,
    id: "listAuditLog",
    summary: "List who did what, newest first.",
    tag,
    access: "audit",
    reach: "groups",
    parameters: [
      ...filterParameters,
      parameter("limit", "Entries of a page.", { type: "integer", minimum: 1, maximum: 1000, default: 100 }),
      parameter("cursor", "`nextCursor` of the page before."),
    ],
    status: 200,
    response: {
      description: "A page; with rare filters it may hold less than asked for and still have a next one.",
      mediaTypes: json,
      schema: auditPageSchema,
    },
    errors: ["store_unavailable"],
    handle: async (call) => {
      const limit = readLimit(call.query.get("limit"), 100, 1000);
      const page = await auditPage(log, readFilter(call), { below: readPlace(call), limit });
      const nextCursor = page.next === null ? null : writeCursor(String(page.next));
      return jsonAnswer({ items: page.entries, nextCursor });
    },
  };
}

function exportOperation(log: AuditLog): Operation {
  const running = new RunningAnswers("exports of the audit log", maxExports);
  return {
    method: "get",
    path: `${path}/export`,
    id: "exportAuditLog",
    summary: "Download entries of the audit log, newest first.",
    tag,
    access: "audit",
    reach: "groups",
    parameters: [
      ...filterParameters,
      parameter("format", "JSON lines, or a table with commas.", {
        type: "string",
        enum: exportFormats,
        default: "jsonl",
      }),
    ],
    status: 200,
    response: {
      description: "The entries. Cut off when it cannot be finished.",
      mediaTypes: ["application/jsonl", "text/csv"],
    },
    errors: ["too_many_tries", "store_unavailable"],
    handle: (call) => {
      const format = readWord("format", call.query.get("format") ?? "jsonl", exportFormats);
      const filter = readFilter(call);
      const over = running.begin();
      return new Response(streamedText(exportLines(log, filter, format, call), call, over), {
        headers: {
          "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
          "content-disposition": `attachment; filename="audit-log.${format}"`,
        },
      });
    },
  };
}

async function* exportLines(
  log: AuditLog,
  filter: AuditFilter,
  format: ExportFormat,
  call: Call,
): AsyncGenerator<string> {
  if (format === "csv") yield auditCsvHead;
  let below: number | undefined;
  let rows = 0;
  for (;;) {
    const page = await auditPage(log, filter, { below, limit: Math.min(exportPage, maxExportRows - rows) });
    yield page.entries.map((entry) => lineOf(format, entry)).join("");
    rows += page.entries.length;
    if (page.next === null || rows >= maxExportRows) return;
    // Who has been signed out or deleted meanwhile gets no more, and sees that it is not the whole.
    if (!call.stillAllowed()) throw new ControlError("unauthorized");
    below = page.next;
  }
}

function lineOf(format: ExportFormat, entry: AuditEntry): string {
  return format === "csv" ? auditCsvLine(entry) : `${JSON.stringify(entry)}\n`;
}

function verifyOperation(log: AuditLog): Operation {
  return {
    method: "get",
    path: `${path}/verify`,
    id: "verifyAuditLog",
    summary: "Tell whether every entry of the audit log is as it was written, and none is missing.",
    tag,
    access: "audit",
    status: 200,
    response: { description: "The verdict.", mediaTypes: json, schema: auditVerdictSchema },
    errors: ["store_unavailable"],
    handle: async () => jsonAnswer(await log.verify()),
  };
}

function readFilter({ query, principal }: Call): AuditFilter {
  const list = (name: string): string[] => {
    const given = query.get(name);
    if (given === undefined || given === "") return [];
    return listedValues(name, [given]).map(({ text: value, not }) => {
      if (not) throw invalidParameter(name, "takes no !");
      return value;
    });
  };
  const moment = (name: string): number | undefined => {
    const given = query.get(name);
    return given === undefined || given === "" ? undefined : readMoment(name, given);
  };
  const word = (name: string): string | undefined => {
    const given = query.get(name);
    if (given !== undefined && given.length > 256) throw invalidParameter(name, "is too long");
    return given === "" ? undefined : given;
  };
  const result = list("result").map((value) => readWord("result", value, ["ok", "refused"]));
  return {
    fromMs: moment("from"),
    toMs: moment("to"),
    actor: list("actor"),
    action: list("action"),
    result,
    kind: word("kind"),
    name: word("name"),
    search: word("search"),
    reach: reachOf(principal.roles, "audit"),
  };
}

/** @throws ControlError `invalid` */
function readPlace({ query }: Call): number | undefined {
  const cursor = query.get("cursor");
  if (cursor === undefined) return undefined;
  const place = readCursor(cursor);
  if (place === undefined || !/^\d{1,15}$/u.test(place))
    throw invalidParameter("cursor", "is not one that this list gave");
  return Number(place);
}
