// Delivers one signal to an OpenTelemetry collector: OTLP over HTTP, JSON, gzip. Knows no queue.
// Protocol: https://opentelemetry.io/docs/specs/otlp/#otlphttp
import { promisify } from "node:util";
import { gzip, type ZlibOptions } from "node:zlib";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { PostAnswer } from "../../lib/guarded-post.ts";
import { shortText } from "../../lib/short-text.ts";
import { parseJson, record as fieldsOf } from "../../lib/unknown-json.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import { describe, type DescribedExchange, type ServiceBook } from "./described-exchange.ts";
import { withoutSecrets } from "./http-sender.ts";
import { verdictOf } from "./http-verdict.ts";
import { logRecordOf } from "./otlp-logs.ts";
import { metricsOf } from "./otlp-metrics.ts";
import { spansOf } from "./otlp-traces.ts";
import { attributesOf, type AttributeRow } from "./otlp-values.ts";
import { hasSignal, type Delivered, type Receiver } from "./receiver.ts";
import type { OtlpSignal, OtlpSink, Sender } from "./sink-config.ts";

const compress = promisify<string, ZlibOptions, Buffer>(gzip);
/** Records repeat so much that a closer look gains little and costs twice as much. */
const quickly = { level: 1 };

/** Who sends, as attributes of the resource. */
export const resourceRows: readonly AttributeRow<Sender>[] = [
  { name: "service.name", type: "string", field: "`moongate`", of: () => "moongate" },
  { name: "service.version", type: "string", field: "version of the gateway", of: ({ version }) => version },
  {
    name: "service.instance.id",
    type: "string",
    field: "instance and node",
    of: ({ instance, node }) => `${instance}/${node}`,
  },
  { name: "moongate.region", type: "string", field: "region of the instance", of: ({ region }) => region },
];

interface SignalRow {
  readonly letter: "m" | "l" | "t";
  /** Of a partial success. */
  readonly rejectedField: string;
}

const signals: Readonly<Record<OtlpSignal, SignalRow>> = {
  logs: { letter: "l", rejectedField: "rejectedLogRecords" },
  traces: { letter: "t", rejectedField: "rejectedSpans" },
  metrics: { letter: "m", rejectedField: "rejectedDataPoints" },
};

export interface OtlpSurroundings {
  readonly ports: DeliveryPorts;
  readonly sender: Sender;
  /** Asked at every delivery: the configuration changes. */
  readonly services: () => ServiceBook;
}

export class OtlpReceiver implements Receiver {
  readonly #sink: OtlpSink;
  readonly #signal: OtlpSignal;
  readonly #surroundings: OtlpSurroundings;
  readonly #post;
  /** Points follow each other without overlap: from here goes the next batch of metrics. */
  #metricsUntilMs: number | undefined;

  constructor(sink: OtlpSink, signal: OtlpSignal, surroundings: OtlpSurroundings) {
    this.#sink = sink;
    this.#signal = signal;
    this.#surroundings = surroundings;
    this.#post = withoutSecrets(surroundings.ports.post, Object.values(sink.headers));
  }

  wants(record: ExchangeRecord): boolean {
    return hasSignal(record, signals[this.#signal].letter);
  }

  async deliver(records: readonly ExchangeRecord[], signal: AbortSignal): Promise<Delivered> {
    const { ports, services } = this.#surroundings;
    const book = services();
    const exchanges = records.map((record) => describe(record, book));
    const { body, untilMs } = this.#payload(exchanges);
    const answer = await this.#post({
      url: urlOf(this.#sink.endpoint, this.#signal),
      headers: {
        ...Object.fromEntries(
          Object.entries(this.#sink.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        "content-type": "application/json",
        "content-encoding": "gzip",
        "user-agent": `moongate/${this.#surroundings.sender.version}`,
      },
      body: await compress(JSON.stringify(body), quickly),
      signal,
    });
    const verdict = verdictOf(answer, ports.clock.wallMs());
    if (verdict.kind !== "taken") return verdict;
    this.#metricsUntilMs = untilMs ?? this.#metricsUntilMs;
    return this.#partly(answer);
  }

  #payload(exchanges: readonly DescribedExchange[]): { readonly body: object; readonly untilMs?: number } {
    const { sender } = this.#surroundings;
    const resource = { attributes: attributesOf(resourceRows, sender) };
    const scope = { name: "moongate", version: sender.version };
    switch (this.#signal) {
      case "logs": {
        const scopeLogs = [{ scope, logRecords: exchanges.map(logRecordOf) }];
        return { body: { resourceLogs: [{ resource, scopeLogs }] } };
      }
      case "traces": {
        const scopeSpans = [{ scope, spans: exchanges.flatMap(spansOf) }];
        return { body: { resourceSpans: [{ resource, scopeSpans }] } };
      }
      case "metrics": {
        const times = this.#spanOf(exchanges);
        const scopeMetrics = [{ scope, metrics: metricsOf(exchanges, times) }];
        return { body: { resourceMetrics: [{ resource, scopeMetrics }] }, untilMs: times.endMs };
      }
    }
  }

  /** Follows the batch before without a gap, whatever order exchanges end in. */
  #spanOf(exchanges: readonly DescribedExchange[]) {
    const ends = exchanges.map(({ endMs }) => endMs);
    const first = ends.reduce((least, ms) => Math.min(least, ms), Infinity);
    const last = ends.reduce((most, ms) => Math.max(most, ms), -Infinity);
    const startMs = this.#metricsUntilMs ?? first - 1;
    return { startMs, endMs: Math.max(last, startMs + 1) };
  }

  #partly({ text }: PostAnswer): Delivered {
    const partial = fieldsOf(fieldsOf(parseJson(text))["partialSuccess"]);
    const rejected = Number(partial[signals[this.#signal].rejectedField] ?? 0);
    if (!(rejected > 0)) return { kind: "taken", rejected: 0, message: "" };
    const reason = partial["errorMessage"];
    const said = typeof reason === "string" && reason !== "" ? `: ${shortText(reason, 300)}` : ".";
    return { kind: "taken", rejected, message: `The collector rejected ${rejected} of a batch${said}` };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function urlOf(endpoint: string, signal: OtlpSignal): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/v1/${signal}`;
  url.hash = "";
  return url.href;
}
