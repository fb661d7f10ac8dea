// Counts exchanges for `/metrics`: kept per worker, merged by the main thread, written in Prometheus' text format.
import type { ExchangeRecord } from "../core/exchange-record.ts";

/** Label values in the order of `labelNames`, and how many exchanges had them. */
export type CountRow = readonly [labels: readonly string[], count: number];

const labelNames = ["api", "route", "service", "model", "consumer", "stream", "status", "outcome"] as const;
/** Model names come from clients: more than this many per Model API become `other`. */
const maxModelsPerApi = 100;
const maxConsumers = 1_000;
const separator = "\u0000";

/** Which names become labels: the first so many, all others are one. Label values come from records, so they are bounded. */
class LabelBounds {
  readonly #models = new Map<string, Set<string>>();
  readonly #consumers = new Set<string>();

  model(api: string, model: string): string {
    let known = this.#models.get(api);
    if (known === undefined) {
      known = new Set();
      this.#models.set(api, known);
    }
    return bounded(known, model, maxModelsPerApi);
  }

  consumer(consumer: string): string {
    return bounded(this.#consumers, consumer, maxConsumers);
  }
}

function bounded(known: Set<string>, name: string, limit: number): string {
  if (known.has(name)) return name;
  if (known.size >= limit) return "other";
  known.add(name);
  return name;
}

/** Counts since the last `take`. */
export class RequestCounts {
  #counts = new Map<string, number>();
  readonly #bounds = new LabelBounds();

  add(record: ExchangeRecord): void {
    const { api, route, service, stream, status, outcome } = record;
    // Clients choose the name, so it may hold anything.
    const model = this.#bounds.model(api, record.model.replaceAll(separator, " "));
    const consumer = this.#bounds.consumer(record.consumer);
    const key = [api, route, service, model, consumer, stream, status, outcome].join(separator);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The counts so far; starts anew. */
  take(): CountRow[] {
    const rows = [...this.#counts].map(([key, count]): CountRow => [key.split(separator), count]);
    this.#counts = new Map();
    return rows;
  }
}

/** The sum of all workers' counts since start. */
export class RequestTotals {
  readonly #totals = new Map<string, { readonly labels: readonly string[]; count: number }>();
  /** Each worker knows its own first names: together they may be more. */
  readonly #bounds = new LabelBounds();

  add(rows: readonly CountRow[]): void {
    for (const [[api = "", route = "", service = "", model = "", consumer = "", ...others], count] of rows) {
      const names = [this.#bounds.model(api, model), this.#bounds.consumer(consumer)];
      const labels = [api, route, service, ...names, ...others];
      const key = labels.join(separator);
      const total = this.#totals.get(key);
      if (total === undefined) this.#totals.set(key, { labels, count });
      else total.count += count;
    }
  }

  /** Prometheus text exposition format, version 0.0.4. */
  text(inFlight: number): string {
    const lines = [
      "# HELP moongate_requests_total Exchanges that have ended.",
      "# TYPE moongate_requests_total counter",
    ];
    for (const { labels, count } of this.#totals.values()) {
      const pairs = labelNames.map((name, index) => `${name}="${escapeLabel(labels[index] ?? "")}"`);
      lines.push(`moongate_requests_total{${pairs.join(",")}} ${count}`);
    }
    lines.push(
      "# HELP moongate_inflight_requests Exchanges that run now.",
      "# TYPE moongate_inflight_requests gauge",
      `moongate_inflight_requests ${inFlight}`,
      "",
    );
    return lines.join("\n");
  }
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
