// Counts for Prometheus since the process began. What a series counts in is found once, when the series comes about;
// a record then only adds. Names that clients choose are bounded for the whole life of the process.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { Distribution, Labels, MetricFamily } from "../prometheus-text.ts";
import { dimensionIndex, type CellDimension, type SeriesTexts } from "./cell-layout.ts";
import { families, operationOf, type FamilyName } from "./prometheus-families.ts";
import { NameBound } from "./series-names.ts";
import { readWayText } from "./way-text.ts";

const maxModelsPerApi = 100;
const maxConsumers = 1_000;

class Counter {
  value = 0;
}

class Histogram implements Distribution {
  readonly counts: number[];
  sum = 0;
  readonly #bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  measure(value: number): void {
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += value;
  }
}

type CounterName = {
  [Name in FamilyName]: (typeof families)[Name] extends { bounds: readonly number[] } ? never : Name;
}[FamilyName];
type HistogramName = Exclude<FamilyName, CounterName>;

/** The members of one family, by their labels. */
class Members<Member> {
  readonly members = new Map<string, { readonly texts: readonly string[]; readonly member: Member }>();

  of(texts: readonly string[], make: () => Member): Member {
    const name = texts.join("\u0000");
    let found = this.members.get(name);
    if (found === undefined) this.members.set(name, (found = { texts, member: make() }));
    return found.member;
  }
}

/** What the records of one series count in. */
export class SeriesCounters {
  readonly #requests: Counter;
  readonly #duration: Histogram;
  readonly #overhead: Histogram;
  readonly #cost: () => Counter;
  readonly #savedTokens: () => Counter;
  readonly #savedCost: () => Counter;
  readonly #finds: (check: string, action: string) => Counter;
  readonly #cache: (result: string) => Counter;
  readonly #always: readonly { readonly counter: Counter; readonly amount: number }[];
  readonly #genAi: GenAi | undefined;

  constructor(totals: PrometheusTotals, texts: SeriesTexts) {
    const text = (dimension: CellDimension): string => texts[dimensionIndex[dimension]] ?? "";
    const [api, service, stream] = [text("api"), text("service"), text("stream")];
    const model = totals.models.of(api, text("model"));
    const consumer = totals.consumers.of("", text("consumer"));
    const way = readWayText(text("way"), service, model);
    const labels = [api, text("route"), service, model, consumer, stream, text("status"), text("outcome")];
    this.#requests = totals.counter("requests", labels);
    this.#duration = totals.histogram("duration", [api, service, model, stream]);
    this.#overhead = totals.histogram("overhead", [api, service, model, stream]);
    this.#cost = kept(() => totals.counter("cost", [api, service, model, consumer]));
    this.#savedTokens = kept(() => totals.counter("savedTokens", [api, model]));
    this.#savedCost = kept(() => totals.counter("savedCost", [api, model]));
    this.#finds = (check, action) => totals.counter("moderation", [api, check, action]);
    this.#cache = (result) => totals.counter("cache", [api, result]);
    const once = (counter: Counter) => ({ counter, amount: 1 });
    this.#always = [
      ...way.attempts.map(([asked, outcome, reason, amount]) => ({
        counter: totals.counter("attempts", [asked, outcome, reason]),
        amount,
      })),
      ...(way.fallbackReason === "" ? [] : [once(totals.counter("fallbacks", [way.fallbackReason]))]),
      ...(text("outcome") === "limited" ? [once(totals.counter("limited", [api, text("errorCode")]))] : []),
    ];
    this.#genAi =
      service === "" ? undefined : new GenAi(totals, [operationOf(text("route")), service, model]);
  }

  add(record: ExchangeRecord): void {
    this.#requests.value += 1;
    this.#duration.measure(record.durationMs / 1000);
    this.#overhead.measure(record.overheadMs / 1000);
    for (const { counter, amount } of this.#always) counter.value += amount;
    const { costUsd, cache, saved, moderation } = record;
    for (const { check, action, count } of moderation) this.#finds(check, action).value += count;
    if (costUsd !== null && costUsd > 0) this.#cost().value += costUsd;
    if (cache !== "skip") this.#cache(cache).value += 1;
    if (saved !== undefined) {
      this.#savedTokens().value += saved.inputTokens + saved.outputTokens;
      this.#savedCost().value += saved.costUsd ?? 0;
    }
    // No service was asked.
    if (cache !== "hit") this.#genAi?.add(record);
  }
}

/** OpenTelemetry's metrics for generative AI, of what was sent to a service. */
class GenAi {
  readonly #duration: Histogram;
  readonly #input: () => Histogram;
  readonly #output: () => Histogram;
  readonly #first: () => Histogram;
  readonly #perToken: () => Histogram;

  constructor(totals: PrometheusTotals, labels: readonly string[]) {
    this.#duration = totals.histogram("serverDuration", labels);
    this.#input = kept(() => totals.histogram("tokenUsage", [...labels, "input"]));
    this.#output = kept(() => totals.histogram("tokenUsage", [...labels, "output"]));
    this.#first = kept(() => totals.histogram("firstToken", labels));
    this.#perToken = kept(() => totals.histogram("perOutputToken", labels));
  }

  add({ durationMs, ttftMs, stream, usage }: ExchangeRecord): void {
    this.#duration.measure(durationMs / 1000);
    if (stream && ttftMs !== null) this.#first().measure(ttftMs / 1000);
    if (usage === null) return;
    if (usage.inputTokens > 0) this.#input().measure(usage.inputTokens);
    if (usage.outputTokens > 0) this.#output().measure(usage.outputTokens);
    if (!stream || ttftMs === null || usage.outputTokens < 2) return;
    this.#perToken().measure(Math.max(0, durationMs - ttftMs) / 1000 / (usage.outputTokens - 1));
  }
}

/** What nothing is measured in is not shown, so it comes about with the first measurement. */
function kept<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}

export class PrometheusTotals {
  readonly models = new NameBound(maxModelsPerApi);
  readonly consumers = new NameBound(maxConsumers);
  readonly #counters = new Map<CounterName, Members<Counter>>();
  readonly #histograms = new Map<HistogramName, Members<Histogram>>();

  countersOf(texts: SeriesTexts): SeriesCounters {
    return new SeriesCounters(this, texts);
  }

  counter(name: CounterName, texts: readonly string[]): Counter {
    return membersOf(this.#counters, name).of(texts, () => new Counter());
  }

  histogram(name: HistogramName, texts: readonly string[]): Histogram {
    return membersOf(this.#histograms, name).of(texts, () => new Histogram(families[name].bounds));
  }

  families(): MetricFamily[] {
    // Its keys are the names by its type.
    return (Object.keys(families) as FamilyName[]).map((name) => this.#family(name));
  }

  #family(key: FamilyName): MetricFamily {
    const { name, help, labels } = families[key];
    if (isHistogram(key)) {
      const samples = samplesOf(membersOf(this.#histograms, key), labels);
      return { name, help, type: "histogram", bounds: families[key].bounds, samples };
    }
    const samples = samplesOf(membersOf(this.#counters, key), labels).map((sample) => ({
      labels: sample.labels,
      value: sample.value.value,
    }));
    return { name, help, type: "counter", samples };
  }
}

function isHistogram(name: FamilyName): name is HistogramName {
  return "bounds" in families[name];
}

function membersOf<Name, Member>(all: Map<Name, Members<Member>>, name: Name): Members<Member> {
  let members = all.get(name);
  if (members === undefined) all.set(name, (members = new Members()));
  return members;
}

function samplesOf<Member>(
  { members }: Members<Member>,
  names: readonly string[],
): { readonly labels: Labels; readonly value: Member }[] {
  return [...members.values()].map(({ texts, member }) => ({
    labels: names.map((name, index) => [name, texts[index] ?? ""] as const),
    value: member,
  }));
}
