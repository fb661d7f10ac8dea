// From the query of an address to a question about exchanges, by one table of fields. Pure; asks nobody.
import type {
  LogFacetField,
  LogFilter,
  LogFlagField,
  LogNumberField,
  LogQuery,
  LogTextField,
} from "../../telemetry/log-answers.ts";
import { readLimit } from "../listing.ts";
import { readCursor } from "./cursor-text.ts";
import {
  invalidParameter,
  listedValues,
  readFlag,
  readMoment,
  readRange,
  readWhole,
  readWord,
  singleValue,
} from "./query-text.ts";
import type { ListedValue, NumberRange, QueryLists } from "./query-text.ts";

type LogField = LogTextField | LogNumberField | LogFlagField;

interface FieldRow {
  readonly kind: LogFilter["kind"];
  readonly text: string;
  /** Whether its values can be counted: every one but those that hardly repeat. */
  readonly facet: boolean;
}

const text = (meaning: string, facet = true): FieldRow => ({ kind: "text", text: meaning, facet });
const number = (meaning: string, facet = false): FieldRow => ({ kind: "number", text: meaning, facet });
const flag = (meaning: string): FieldRow => ({ kind: "flag", text: meaning, facet: true });

/** Every field that exchanges can be told apart by. */
export const logFields: Readonly<Record<LogField, FieldRow>> = {
  requestId: text("Id of the exchange, as in `x-request-id`.", false),
  traceId: text("Trace that it is part of.", false),
  api: text("Model API."),
  route: text("Route of the Model API."),
  protocol: text("Protocol of the client."),
  method: text("HTTP method."),
  path: text("Path, without the query.", false),
  domain: text("Host that was called."),
  consumer: text("Who called; empty where nobody is known."),
  credential: text("Credential of the consumer."),
  resourceGroup: text("Resource group of the Model API."),
  clientIp: text("Address of the client.", false),
  requestedModel: text("Model that was asked for."),
  service: text("Service that was asked last."),
  model: text("Model that was asked for, or the one that was sent."),
  outcome: text("How it ended, such as `ok` or `upstream_error`."),
  errorCode: text("Our error code; empty without one."),
  fallbackFrom: text("Service whose failure led to a fallback target."),
  mode: text("How the target was chosen."),
  reason: text("Why an attempt failed, such as `timeout`."),
  cache: text("`hit`, `miss` or `skip`."),
  rateLimit: text("Limit that refused it.", false),
  moderation: text(
    "What followed checks of content: `block`, `mask`, `observe` or `error`; empty without a find.",
  ),
  moderationCheck: text("Check of content that found something, or gave no answer."),
  moderationLabel: text("What kind of thing it found, such as `email`."),
  status: number("Status that the client got; `5xx` is 500 to 599.", true),
  upstreamStatus: number("Status of the service; `5xx` as above."),
  attempts: number("How often something was sent to a service."),
  ttftMs: number("Milliseconds to the first data."),
  durationMs: number("Milliseconds until the end."),
  overheadMs: number("Milliseconds in the gateway itself."),
  inputTokens: number("Input tokens, cached ones included."),
  outputTokens: number("Output tokens, reasoning included."),
  cachedInputTokens: number("Input tokens from the service's cache."),
  reasoningTokens: number("Tokens of reasoning."),
  costUsd: number("Cost in USD."),
  stream: flag("Whether a stream was asked for."),
  fallback: flag("Whether a fallback target was tried."),
  estimated: flag("Whether the gateway had to count the tokens itself."),
  recorded: flag("Whether content was kept."),
};

// The table has these keys and no others.
const fieldNames = Object.keys(logFields) as readonly LogField[];
/** Those whose values can be counted. */
export const facetFields = fieldNames.filter(isFacet);

export const defaultLimit = 100;
export const maximumLimit = 500;
export const maximumColumns = 500;
const maximumSearch = 1_000;

/** What `GET /logs` asks for. @throws ControlError `invalid` naming the parameter at fault */
export function readLogQuery(lists: QueryLists): LogQuery {
  const facets = listedValues("facets", lists.get("facets") ?? [])
    .map(({ text: word }) => word)
    .filter((word) => word !== "");
  const columns = singleValue(lists, "histogram");
  return {
    ...readSelection(lists),
    limit: readLimit(singleValue(lists, "limit"), defaultLimit, maximumLimit),
    cursor: readPlace(singleValue(lists, "cursor")),
    facets: [...new Set(facets.map((word) => readWord("facets", word, facetFields)))],
    histogramColumns: columns === undefined ? 0 : readWhole("histogram", columns, 1, maximumColumns),
  };
}

function readPlace(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const place = readCursor(cursor);
  if (place !== undefined) return place;
  throw invalidParameter("cursor", "is not one that this list gave");
}

/** What an export asks for: everything that matches, page by page. @throws ControlError `invalid` */
export function readExportQuery(lists: QueryLists): LogQuery {
  return {
    ...readSelection(lists),
    limit: maximumLimit,
    cursor: null,
    facets: [],
    histogramColumns: 0,
  };
}

/** What a live tail asks for. @throws ControlError `invalid` */
export function readTailFilters(lists: QueryLists): LogFilter[] {
  return readFilters(lists);
}

function readSelection(lists: QueryLists): Pick<LogQuery, "fromMs" | "toMs" | "filters" | "search"> {
  const from = singleValue(lists, "from");
  const to = singleValue(lists, "to");
  const fromMs = from === undefined ? null : readMoment("from", from);
  const toMs = to === undefined ? null : readMoment("to", to);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) throw invalidParameter("from", "must be before to");
  return { fromMs, toMs, filters: readFilters(lists), search: readSearch(lists) };
}

function readSearch(lists: QueryLists): string | null {
  const search = singleValue(lists, "search");
  if (search === undefined || search.trim() === "") return null;
  if (search.length > maximumSearch)
    throw invalidParameter("search", `takes at most ${maximumSearch} characters`);
  return search;
}

function readFilters(lists: QueryLists): LogFilter[] {
  return fieldNames.flatMap((field) => {
    const texts = lists.get(field);
    return texts === undefined ? [] : filtersOf(field, listedValues(field, texts));
  });
}

/** One condition for the values that are wanted, one for those that are not. */
function filtersOf(field: LogField, values: readonly ListedValue[]): LogFilter[] {
  if (isFlag(field)) return [{ field, kind: "flag", value: flagOf(field, values) }];
  return [false, true].flatMap((not): LogFilter[] => {
    const wanted = values.filter((value) => value.not === not).map((value) => value.text);
    if (wanted.length === 0) return [];
    if (isNumber(field))
      return [{ field, kind: "number", not, ranges: wanted.map((value) => rangeOf(field, value)) }];
    return isText(field) ? [{ field, kind: "text", not, values: wanted }] : [];
  });
}

function flagOf(field: LogFlagField, values: readonly ListedValue[]): boolean {
  const [first, ...others] = values;
  if (first === undefined || others.length > 0) throw invalidParameter(field, "takes one value");
  return readFlag(field, first.text) !== first.not;
}

function rangeOf(field: LogNumberField, value: string): NumberRange {
  const isStatus = field === "status" || field === "upstreamStatus";
  const status = isStatus ? /^([0-9])xx$/u.exec(value)?.[1] : undefined;
  if (status !== undefined) return [Number(status) * 100, Number(status) * 100 + 99];
  const range = readRange(value);
  if (range !== undefined) return range;
  const also = isStatus ? ", 5xx" : "";
  throw invalidParameter(field, `must be a number or a range: 5, >5, >=5, <5, <=5, 5..9, 5.., ..9${also}`);
}

function isText(field: LogField): field is LogTextField {
  return logFields[field].kind === "text";
}

function isNumber(field: LogField): field is LogNumberField {
  return logFields[field].kind === "number";
}

function isFlag(field: LogField): field is LogFlagField {
  return logFields[field].kind === "flag";
}

function isFacet(field: LogField): field is LogFacetField {
  return logFields[field].facet;
}
