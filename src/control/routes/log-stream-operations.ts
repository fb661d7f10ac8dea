// Records that come one after another: what has just ended, as server-sent events, and everything that matches, as a
// file. Asks a port page by page, and never faster than the client reads.
import { setTimeout as sleep } from "node:timers/promises";
import type { LogFilter, LogPage, LogQuery } from "../../telemetry/log-answers.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { Call, Operation } from "../operation.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import { integer, objectOf, orNull, text, arrayOf, number } from "./answer-schema.ts";
import { readCursor, writeCursor } from "./cursor-text.ts";
import { exportFormats, exportHead, exportLine } from "./log-export.ts";
import type { ExportFormat } from "./log-export.ts";
import {
  fieldParameters,
  filterSyntax,
  logsFor,
  requireSearchAllowed,
  searchParameter,
  spanParameters,
} from "./log-operations.ts";
import { readExportQuery, readTailFilters } from "./log-query-text.ts";
import type { TelemetryPort } from "./ports.ts";
import { readWord, singleValue } from "./query-text.ts";
import { RunningAnswers, streamedText } from "./streamed-text.ts";
import { told } from "./traffic-operations.ts";

/** Waits, or rejects as soon as the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const realWait: Wait = (ms, signal) => sleep(ms, undefined, { signal });

const maxTails = 20;
const maxExports = 4;
const tailEveryMs = 500;
const keepAliveMs = 15_000;
const tailPage = 200;
export const maxExportRows = 1_000_000;

export function logStreamOperations(port: TelemetryPort, wait: Wait = realWait): Operation[] {
  return [tailOperation(port, wait), exportOperation(port), stateOperation(port)];
}

function tailOperation(port: TelemetryPort, wait: Wait): Operation {
  const running = new RunningAnswers("live tails", maxTails);
  return {
    method: "get",
    path: "/api/v1/logs/tail",
    id: "tailLogRecords",
    summary: `Follow exchanges as they end, as server-sent events \`record\`. ${filterSyntax}`,
    tag: "logs",
    access: "read",
    reach: "groups",
    listQuery: true,
    parameters: [
      ...fieldParameters,
      {
        name: "last-event-id",
        in: "header",
        description: "`id` of the last event: goes on behind it.",
        schema: { type: "string" },
      },
    ],
    status: 200,
    response: {
      description:
        "An event for each exchange, in the order of their ends, with a comment every 15 seconds. Ends with the session.",
      mediaTypes: ["text/event-stream"],
    },
    errors: ["too_many_tries", "traffic_unavailable"],
    handle: async (call) => {
      const filters = readTailFilters(call.queryLists);
      const over = running.begin();
      try {
        // A place that is none, as after a new start of another gateway: from now on.
        const after = readCursor(call.header("last-event-id") ?? "") ?? null;
        const own = telemetryFor(port, call.principal);
        const first = await told(askTail(own, after, filters));
        const ended = streamedText(tailEvents({ port: own, wait, filters, call }, first), call, over);
        return new Response(ended, {
          headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
        });
      } catch (error) {
        over();
        throw error;
      }
    },
  };
}

interface Tail {
  readonly port: TelemetryPort;
  readonly wait: Wait;
  readonly filters: readonly LogFilter[];
  readonly call: Call;
}

async function* tailEvents(
  { port, wait, filters, call }: Tail,
  first: Awaited<ReturnType<typeof askTail>>,
): AsyncGenerator<string> {
  yield ": following\n\n";
  let page = first;
  let quietMs = 0;
  for (;;) {
    for (const item of page.items) yield `event: record\ndata: ${JSON.stringify(item)}\n\n`;
    // Behind the records of a page only: whoever comes back with it misses none.
    if (page.items.length > 0) yield `id: ${writeCursor(page.next)}\n\n`;
    quietMs = page.items.length > 0 ? 0 : quietMs + tailEveryMs;
    if (quietMs >= keepAliveMs) {
      quietMs = 0;
      yield ": still here\n\n";
    }
    if (page.items.length < tailPage) await wait(tailEveryMs, call.left);
    if (!call.stillAllowed()) return;
    page = await askTail(port, page.next, filters);
  }
}

function askTail(port: TelemetryPort, after: string | null, filters: readonly LogFilter[]) {
  return port.ask("tail", { after, filters, limit: tailPage });
}

function exportOperation(port: TelemetryPort): Operation {
  const running = new RunningAnswers("exports", maxExports);
  return {
    method: "get",
    path: "/api/v1/logs/export",
    id: "exportLogRecords",
    summary: `Download exchanges, newest first, at most ${maxExportRows.toLocaleString("en")}. ${filterSyntax}`,
    tag: "logs",
    access: "read",
    reach: "groups",
    listQuery: true,
    parameters: [
      ...fieldParameters,
      ...spanParameters,
      searchParameter,
      {
        name: "format",
        in: "query",
        description: "JSON lines, or a table with commas.",
        schema: { type: "string", enum: exportFormats, default: "jsonl" },
      },
    ],
    status: 200,
    response: {
      description: "The records, without content. Cut off when it cannot be finished.",
      mediaTypes: ["application/jsonl", "text/csv"],
    },
    errors: ["too_many_tries", "traffic_unavailable"],
    handle: async (call) => {
      const given = singleValue(call.queryLists, "format");
      const format = given === undefined ? "jsonl" : readWord("format", given, exportFormats);
      const query = readExportQuery(call.queryLists);
      requireSearchAllowed(query, call.principal);
      const over = running.begin();
      try {
        const own = logsFor(port, call.principal, query);
        const first = await told(own.ask("logs", query));
        const lines = exportLines({ port: own, query, format, call }, first);
        return new Response(streamedText(lines, call, over), {
          headers: {
            "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
            "content-disposition": `attachment; filename="exchanges.${format}"`,
          },
        });
      } catch (error) {
        over();
        throw error;
      }
    },
  };
}

interface Export {
  readonly port: TelemetryPort;
  readonly query: LogQuery;
  readonly format: ExportFormat;
  readonly call: Call;
}

async function* exportLines({ port, query, format, call }: Export, first: LogPage): AsyncGenerator<string> {
  yield exportHead(format);
  let page = first;
  let rows = 0;
  for (;;) {
    const items = page.items.slice(0, maxExportRows - rows);
    rows += items.length;
    yield items.map((item) => exportLine(format, item)).join("");
    if (page.nextCursor === null || rows >= maxExportRows) return;
    // Who has been signed out or deleted meanwhile gets no more, and sees that it is not the whole.
    if (!call.stillAllowed()) throw new ControlError("unauthorized");
    page = await port.ask("logs", { ...query, cursor: page.nextCursor });
  }
}

function stateOperation(port: TelemetryPort): Operation {
  return {
    method: "get",
    path: "/api/v1/log-store",
    id: "readLogStore",
    summary: "Tell how many exchanges are kept, since when, and what they take.",
    tag: "logs",
    access: "read",
    status: 200,
    response: { description: "The state.", mediaTypes: ["application/json"], schema: stateSchema },
    errors: ["traffic_unavailable"],
    handle: async () => jsonAnswer(await told(port.ask("state", {}))),
  };
}

const stateSchema = objectOf({
  records: { ...integer, description: "That are kept." },
  bytes: { ...number, description: "On disk, recorded content and spool included." },
  since: { ...orNull(text), description: "Start of the oldest record that is kept." },
  days: { ...arrayOf(text), description: "Days that have a partition, oldest first." },
  uncommitted: { ...integer, description: "Records that stand in the spool alone until the next commit." },
  unread: { ...number, description: "Bytes of the spool that are still to be read." },
  dropped: { ...number, description: "Records lost since the start, as the spool was full." },
  damaged: { ...arrayOf(text), description: "Partitions that could not be read and were moved aside." },
});
