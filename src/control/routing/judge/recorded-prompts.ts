// Finds recorded exchanges of a Model API whose prompts can be asked again, newest first, and counts the others by what
// speaks against them. Asks ports; keeps nothing.
import type { PromptNumbers } from "../../../core/kept-routing.ts";
import { looksRedacted } from "../../../core/redaction/redactor.ts";
import type { LogItem, LogQuery } from "../../../telemetry/log-answers.ts";
import type { TelemetryPort } from "../../routes/ports.ts";
import { numbersOfRecord } from "../prompt-numbers.ts";
import type { SkipReason } from "./judge-state.ts";
import type { ReplayedChat, ReplayPort } from "./replay-port.ts";

const pageSize = 100;
/** A body that was cut ends so; base64 was left out of it so. */
const cutMark = / more bytes were not recorded|<base64, [\d,]+ bytes>|<not recorded: /u;

export interface RecordedPrompt {
  readonly requestId: string;
  readonly numbers: PromptNumbers;
  readonly chat: ReplayedChat;
}

export interface PromptSearch {
  readonly api: string;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Exchanges that are looked at. */
  readonly maxLooked: number;
  /** Those whose answers were compared before. */
  readonly known: ReadonlySet<string>;
  readonly telemetry: TelemetryPort;
  readonly replay: Pick<ReplayPort, "read">;
  /** Told of every exchange that is looked at; undefined: it is one of those that follow. */
  readonly onLook: (reason: SkipReason | undefined) => void;
}

/** @throws what the log store throws */
export async function* recordedPrompts(search: PromptSearch): AsyncGenerator<RecordedPrompt, undefined> {
  let cursor: string | null = null;
  let looked = 0;
  do {
    const page: { readonly items: readonly LogItem[]; readonly nextCursor: string | null } =
      await search.telemetry.ask("logs", queryOf(search, cursor));
    for (const item of page.items) {
      if ((looked += 1) > search.maxLooked) return;
      const found = await promptOf(item, search);
      search.onLook(typeof found === "string" ? found : undefined);
      if (typeof found !== "string") yield found;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

function queryOf({ api, fromMs, toMs }: PromptSearch, cursor: string | null): LogQuery {
  return {
    fromMs,
    toMs,
    filters: [{ field: "api", kind: "text", not: false, values: [api] }],
    search: null,
    limit: pageSize,
    cursor,
    facets: [],
    histogramColumns: 0,
  };
}

async function promptOf(item: LogItem, search: PromptSearch): Promise<RecordedPrompt | SkipReason> {
  if (item.outcome !== "ok") return "failed-then";
  const numbers = numbersOfRecord(item);
  if (numbers === undefined) return "no-numbers";
  if (search.known.has(item.requestId)) return "judged-before";
  if (!item.recorded) return "not-recorded";
  const { requestContent } = (await search.telemetry.ask("log", { requestId: item.requestId })) ?? {};
  if (requestContent === undefined || requestContent === "") return "not-recorded";
  if (cutMark.test(requestContent)) return "cut";
  if (looksRedacted(requestContent)) return "redacted";
  const chat = search.replay.read(item.protocol, requestContent);
  return chat === undefined ? "not-words" : { requestId: item.requestId, numbers, chat };
}
