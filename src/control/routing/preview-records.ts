// Records of a Model API -> what a preview is made of, and why others cannot be used. Knows no policy.
import type { LogItem, LogPage } from "../../telemetry/log-answers.ts";
import type { DecidedRequest } from "../../routing/learning/preview.ts";
import type { TelemetryPort } from "../routes/ports.ts";

const pageSize = 500;

export interface RecordSpan {
  readonly api: string;
  /** Milliseconds since 1970; null: open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly limit: number;
}

/** How many records could not be used, by why. */
export interface Unused {
  /** Decided by another mode, or refused before anything was decided. */
  readonly undecided: number;
  /** No answer came, or one that was reused. */
  readonly unanswered: number;
}

export interface PreviewRecords {
  readonly looked: number;
  readonly requests: readonly DecidedRequest[];
  readonly unused: Unused;
}

export async function previewRecords(telemetry: TelemetryPort, span: RecordSpan): Promise<PreviewRecords> {
  const items = await newestOf(telemetry, span);
  const unused = { undecided: 0, unanswered: 0 };
  const requests: DecidedRequest[] = [];
  for (const item of items) {
    const evidence = item.decision?.routing?.evidence;
    if (evidence === undefined) unused.undecided += 1;
    else if (item.outcome !== "ok" || item.cache === "hit") unused.unanswered += 1;
    else requests.push(requestOf(item, evidence));
  }
  return { looked: items.length, requests, unused };
}

function requestOf({ model, usage, costUsd }: LogItem, evidence: DecidedRequest["evidence"]): DecidedRequest {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return { evidence, model, inputTokens, outputTokens, costUsd };
}

async function newestOf(
  telemetry: TelemetryPort,
  { api, fromMs, toMs, limit }: RecordSpan,
): Promise<LogItem[]> {
  const items: LogItem[] = [];
  let cursor: string | null = null;
  do {
    const page: LogPage = await telemetry.ask("logs", {
      fromMs,
      toMs,
      filters: [{ field: "api", kind: "text", not: false, values: [api] }],
      search: null,
      limit: Math.min(pageSize, limit - items.length),
      cursor,
      facets: [],
      histogramColumns: 0,
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return items;
}
