// A stand-in for an OpenTelemetry collector: takes OTLP over HTTP in JSON and refuses whatever the protocol does not
// allow. Written from the protocol's text alone.
import { gunzipSync } from "node:zlib";
import type { ReceivedRequest, ReceiverAnswer } from "./failing-receiver.ts";

type Json = Readonly<Record<string, unknown>>;

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Json;
  readonly error: string | null;
}

export interface CollectedLog {
  readonly traceId: string;
  readonly spanId: string;
  readonly severity: string;
  readonly body: string;
  readonly attributes: Json;
}

export interface CollectedPoint {
  readonly metric: string;
  readonly attributes: Json;
  readonly count: number;
  readonly sum: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly logs: CollectedLog[] = [];
  readonly points: CollectedPoint[] = [];
  readonly headers: ReceivedRequest["headers"][] = [];
  resource: Json = {};

  readonly take = ({ path, headers, body }: ReceivedRequest): ReceiverAnswer => {
    try {
      demand(headers["content-type"] === "application/json", "the content type");
      demand(headers["content-encoding"] === "gzip", "the content encoding");
      this.headers.push(headers);
      const request: unknown = JSON.parse(gunzipSync(body).toString("utf8"));
      if (path === "/v1/traces") this.#traces(request);
      else if (path === "/v1/logs") this.#logs(request);
      else if (path === "/v1/metrics") this.#metrics(request);
      else return { status: 404 };
      return { status: 200, body: "{}" };
    } catch (error) {
      return { status: 400, body: String(error) };
    }
  };

  #traces(request: unknown): void {
    const found: CollectedSpan[] = [];
    for (const item of this.#scoped(request, "resourceSpans", "scopeSpans", "spans")) {
      const span = fields(
        item,
        [
          "traceId",
          "spanId",
          "flags",
          "name",
          "kind",
          "startTimeUnixNano",
          "endTimeUnixNano",
          "attributes",
          "status",
        ],
        ["parentSpanId"],
      );
      demand(
        nanos(span["startTimeUnixNano"]) <= nanos(span["endTimeUnixNano"]),
        "a span that ends before it starts",
      );
      demand(span["kind"] === 2 || span["kind"] === 3, "the kind of a span");
      const status = fields(span["status"], [], ["code", "message"]);
      demand(status["code"] === undefined || status["code"] === 2, "the status of a span");
      found.push({
        traceId: id(span["traceId"], 32),
        spanId: id(span["spanId"], 16),
        parentSpanId: span["parentSpanId"] === undefined ? "" : id(span["parentSpanId"], 16),
        name: text(span["name"]),
        kind: span["kind"],
        attributes: attributes(span["attributes"]),
        error: status["code"] === 2 ? text(status["message"]) : null,
      });
    }
    this.spans.push(...found);
  }

  #logs(request: unknown): void {
    const found: CollectedLog[] = [];
    for (const item of this.#scoped(request, "resourceLogs", "scopeLogs", "logRecords")) {
      const log = fields(item, [
        "timeUnixNano",
        "observedTimeUnixNano",
        "severityNumber",
        "severityText",
        "eventName",
        "body",
        "attributes",
        "flags",
        "traceId",
        "spanId",
      ]);
      nanos(log["timeUnixNano"]);
      nanos(log["observedTimeUnixNano"]);
      demand([9, 13, 17].includes(Number(log["severityNumber"])), "the severity");
      found.push({
        traceId: id(log["traceId"], 32),
        spanId: id(log["spanId"], 16),
        severity: text(log["severityText"]),
        body: text(anyValue(log["body"])),
        attributes: attributes(log["attributes"]),
      });
    }
    this.logs.push(...found);
  }

  #metrics(request: unknown): void {
    const found: CollectedPoint[] = [];
    for (const item of this.#scoped(request, "resourceMetrics", "scopeMetrics", "metrics")) {
      const metric = fields(item, ["name", "unit", "description"], ["sum", "histogram"]);
      const name = text(metric["name"]);
      const isSum = metric["sum"] !== undefined;
      demand(isSum !== (metric["histogram"] !== undefined), "a metric with one kind of data");
      const data = fields(
        metric["sum"] ?? metric["histogram"],
        isSum
          ? ["aggregationTemporality", "isMonotonic", "dataPoints"]
          : ["aggregationTemporality", "dataPoints"],
      );
      demand(data["aggregationTemporality"] === 1, "delta temporality");
      const seen = new Set<string>();
      for (const point of list(data["dataPoints"])) {
        const collected = isSum ? sumPoint(name, point) : histogramPoint(name, point);
        const key = sortedText(collected.attributes);
        demand(!seen.has(key), "two points of one series in a batch");
        seen.add(key);
        found.push(collected);
      }
    }
    this.#demandDisjoint(found);
    this.points.push(...found);
  }

  /** Delta points of one series follow each other: later start, no overlap. */
  #demandDisjoint(found: readonly CollectedPoint[]): void {
    const key = ({ metric, attributes: own }: CollectedPoint): string => metric + sortedText(own);
    const ends = new Map(this.points.map((point) => [key(point), point.endNs]));
    for (const point of found) {
      demand(point.startNs < point.endNs, "a point that spans no time");
      demand((ends.get(key(point)) ?? 0n) <= point.startNs, "a point that overlaps the one before");
    }
  }

  #scoped(request: unknown, outer: string, inner: string, leaf: string): unknown[] {
    return list(fields(request, [outer])[outer]).flatMap((one) => {
      const group = fields(one, ["resource", inner]);
      this.resource = attributes(fields(group["resource"], ["attributes"])["attributes"]);
      return list(group[inner]).flatMap((scoped) => {
        const scope = fields(scoped, ["scope", leaf]);
        demand(text(fields(scope["scope"], ["name", "version"])["name"]) === "moongate", "the scope");
        const leaves = list(scope[leaf]);
        demand(leaves.length > 0, "an empty batch");
        return leaves;
      });
    });
  }
}

function sumPoint(metric: string, value: unknown): CollectedPoint {
  const point = fields(value, ["attributes", "asDouble", "startTimeUnixNano", "timeUnixNano"]);
  const sum = number(point["asDouble"]);
  return { metric, count: 1, sum, ...common(point) };
}

function histogramPoint(metric: string, value: unknown): CollectedPoint {
  const point = fields(value, [
    "attributes",
    "count",
    "sum",
    "min",
    "max",
    "bucketCounts",
    "explicitBounds",
    "startTimeUnixNano",
    "timeUnixNano",
  ]);
  const counts = list(point["bucketCounts"]).map(integer);
  const bounds = list(point["explicitBounds"]).map(number);
  const count = integer(point["count"]);
  demand(counts.length === bounds.length + 1, "one bucket more than bounds");
  demand(
    bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound)),
    "bounds that grow",
  );
  demand(counts.reduce((sum, one) => sum + one, 0) === count, "buckets that add up to the count");
  demand(number(point["min"]) <= number(point["max"]), "a least that is not over the most");
  return { metric, count, sum: number(point["sum"]), ...common(point) };
}

function common(point: Json) {
  return {
    attributes: attributes(point["attributes"]),
    startNs: nanos(point["startTimeUnixNano"]),
    endNs: nanos(point["timeUnixNano"]),
  };
}

function sortedText(values: Json): string {
  return JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`wanted ${what}`);
}

/** The fields of an object that has all of `needed` and nothing beside `also`. */
function fields(value: unknown, needed: readonly string[], also: readonly string[] = []): Json {
  demand(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `an object with ${needed.join(", ")}`,
  );
  const known = new Set([...needed, ...also]);
  for (const name of Object.keys(value)) demand(known.has(name), `no field ${name}`);
  for (const name of needed) demand(Object.hasOwn(value, name), `a field ${name}`);
  // An object, as was just seen.
  return value as Json;
}

function list(value: unknown): unknown[] {
  demand(Array.isArray(value), "a list");
  return value;
}

function text(value: unknown): string {
  demand(typeof value === "string" && value !== "", "a text");
  return value;
}

function number(value: unknown): number {
  demand(typeof value === "number" && Number.isFinite(value), "a number");
  return value;
}

/** 64-bit integers are texts in this encoding. */
function integer(value: unknown): number {
  demand(typeof value === "string" && /^\d+$/u.test(value), "an integer as a text");
  return Number(value);
}

function nanos(value: unknown): bigint {
  demand(typeof value === "string" && /^\d{19}$/u.test(value), "nanoseconds as a text");
  return BigInt(value);
}

function id(value: unknown, digits: number): string {
  demand(
    typeof value === "string" && value.length === digits && /^[0-9a-f]+$/u.test(value),
    `an id of ${digits} digits`,
  );
  demand(!/^0+$/u.test(value), "an id that is not zero");
  return value;
}

function attributes(value: unknown): Json {
  const found: Record<string, unknown> = {};
  for (const item of list(value)) {
    const pair = fields(item, ["key", "value"]);
    const key = text(pair["key"]);
    demand(!Object.hasOwn(found, key), `${key} once`);
    found[key] = anyValue(pair["value"]);
  }
  return found;
}

function anyValue(value: unknown): unknown {
  const one = fields(value, [], ["stringValue", "intValue", "doubleValue", "boolValue"]);
  const [[name, inner] = ["", undefined], ...more] = Object.entries(one);
  demand(more.length === 0, "one value");
  if (name === "stringValue") return text(inner);
  if (name === "intValue") return integer(inner);
  if (name === "doubleValue") return number(inner);
  demand(name === "boolValue" && typeof inner === "boolean", "a value");
  return inner;
}
