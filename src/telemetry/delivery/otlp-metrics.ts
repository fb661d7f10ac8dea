// A batch of exchanges as OTLP metrics: sums and histograms of this batch alone (delta). Knows no transport.
// Names, units and bounds: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
import { errorType, type DescribedExchange } from "./described-exchange.ts";
import { attributesOf, nanoseconds, type AttributeRow, type KeyValue } from "./otlp-values.ts";

const delta = 1;

const secondBounds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const firstTokenBounds = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const perTokenBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const tokenBounds = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

type Row = AttributeRow<DescribedExchange>;

/** What series are told apart by. Never what a client may choose at will, such as the model that it asked for. */
export const metricRows: readonly Row[] = [
  { name: "gen_ai.operation.name", type: "string", field: "route", of: ({ operation }) => operation },
  {
    name: "gen_ai.provider.name",
    type: "string",
    field: "provider of `service`",
    of: ({ record, services }) => services.get(record.service)?.provider,
  },
  { name: "gen_ai.request.model", type: "string", field: "model", of: ({ record }) => record.model },
  { name: "gen_ai.response.model", type: "string", field: "model", of: ({ record }) => record.model },
  { name: "error.type", type: "string", field: "errorCode, outcome", of: ({ record }) => errorType(record) },
  { name: "moongate.api", type: "string", field: "api", of: ({ record }) => record.api },
  { name: "moongate.service", type: "string", field: "service", of: ({ record }) => record.service },
  { name: "moongate.consumer", type: "string", field: "consumer", of: ({ record }) => record.consumer },
  {
    name: "moongate.resource_group",
    type: "string",
    field: "resourceGroup",
    of: ({ record }) => record.resourceGroup,
  },
];

/** One value of one exchange, perhaps with an attribute more. */
interface Measured {
  readonly value: number;
  readonly extra?: KeyValue;
}

interface Instrument {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Absent: a sum. */
  readonly bounds?: readonly number[];
  readonly measure: (exchange: DescribedExchange) => readonly Measured[];
}

const tokenType = (type: string): KeyValue => ({ key: "gen_ai.token.type", value: { stringValue: type } });

export const instruments: readonly Instrument[] = [
  {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Number of input and output tokens used.",
    bounds: tokenBounds,
    measure: ({ record: { usage } }) =>
      usage === null
        ? []
        : [
            { value: usage.inputTokens, extra: tokenType("input") },
            { value: usage.outputTokens, extra: tokenType("output") },
          ],
  },
  {
    name: "gen_ai.server.request.duration",
    unit: "s",
    description: "From the request's head to the answer's end.",
    bounds: secondBounds,
    measure: ({ record }) => [{ value: record.durationMs / 1000 }],
  },
  {
    name: "gen_ai.server.time_to_first_token",
    unit: "s",
    description: "Time to first data of streams that were answered well.",
    bounds: firstTokenBounds,
    measure: ({ record: { ttftMs, outcome } }) =>
      ttftMs === null || outcome !== "ok" ? [] : [{ value: ttftMs / 1000 }],
  },
  {
    name: "gen_ai.server.time_per_output_token",
    unit: "s",
    description: "Time per output token after the first, of streams that were answered well.",
    bounds: perTokenBounds,
    measure: ({ record: { ttftMs, outcome, usage, durationMs } }) =>
      ttftMs === null || outcome !== "ok" || usage === null || usage.outputTokens < 2
        ? []
        : [{ value: Math.max(0, durationMs - ttftMs) / 1000 / (usage.outputTokens - 1) }],
  },
  {
    name: "moongate.requests",
    unit: "{request}",
    description: "Exchanges that ended.",
    measure: () => [{ value: 1 }],
  },
  {
    name: "moongate.cost",
    unit: "{USD}",
    description: "Cost by the prices of the services.",
    measure: ({ record: { costUsd } }) => (costUsd === null ? [] : [{ value: costUsd }]),
  },
];

interface Times {
  readonly startMs: number;
  readonly endMs: number;
}

/** Sums and histograms of these exchanges alone. */
export function metricsOf(exchanges: readonly DescribedExchange[], times: Times): object[] {
  const attributes = exchanges.map((exchange) => attributesOf(metricRows, exchange));
  const keys = attributes.map((each) => JSON.stringify(each));
  return instruments.flatMap((instrument) => {
    const series = new Map<string | undefined, Series>();
    exchanges.forEach((exchange, index) => {
      for (const { value, extra } of instrument.measure(exchange)) {
        const common = attributes[index] ?? [];
        const all = extra === undefined ? common : [...common, extra];
        const key = extra === undefined ? keys[index] : `${keys[index]} ${JSON.stringify(extra)}`;
        const known = series.get(key) ?? new Series(all, instrument.bounds ?? []);
        known.add(value);
        series.set(key, known);
      }
    });
    return series.size === 0 ? [] : [metricOf(instrument, [...series.values()], times)];
  });
}

function metricOf({ name, unit, description, bounds }: Instrument, series: readonly Series[], times: Times) {
  const span = {
    startTimeUnixNano: nanoseconds(times.startMs),
    timeUnixNano: nanoseconds(times.endMs),
  };
  if (bounds === undefined) {
    const dataPoints = series.map((one) => ({ ...one.sumPoint(), ...span }));
    return { name, unit, description, sum: { aggregationTemporality: delta, isMonotonic: true, dataPoints } };
  }
  const dataPoints = series.map((one) => ({ ...one.histogramPoint(), ...span }));
  return { name, unit, description, histogram: { aggregationTemporality: delta, dataPoints } };
}

class Series {
  readonly #attributes: readonly KeyValue[];
  readonly #bounds: readonly number[];
  readonly #buckets: number[];
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  constructor(attributes: readonly KeyValue[], bounds: readonly number[]) {
    this.#attributes = attributes;
    this.#bounds = bounds;
    this.#buckets = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? this.#bounds.length : found;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  sumPoint() {
    return { attributes: this.#attributes, asDouble: this.#sum };
  }

  histogramPoint() {
    return {
      attributes: this.#attributes,
      count: String(this.#count),
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      bucketCounts: this.#buckets.map(String),
      explicitBounds: this.#bounds,
    };
  }
}
