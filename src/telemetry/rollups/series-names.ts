// Which series there are: names that clients choose are bounded, and so is the number of series; what is more is
// `other`. Knows no time: whoever counts starts a new set of names in a new hour.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { dimensionIndex, type SeriesTexts } from "./cell-layout.ts";
import { wayTextOf, withoutModels } from "./way-text.ts";

export const otherName = "other";

export const usualMaxSeries = 20_000;
const maxRequestedModelsPerApi = 100;
const maxModelsPerService = 200;

export interface Series<Attached> {
  readonly texts: SeriesTexts;
  /** What whoever counts wants to find with it. */
  readonly attached: Attached;
}

/** The first so many names of each owner; all others are one. */
export class NameBound {
  /** Some name was one too many. */
  isFull = false;
  readonly #names = new Map<string, Set<string>>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  of(owner: string, name: string): string {
    if (name === "") return name;
    let known = this.#names.get(owner);
    if (known === undefined) this.#names.set(owner, (known = new Set()));
    if (known.has(name)) return name;
    if (known.size >= this.#max) {
      this.isFull = true;
      return otherName;
    }
    known.add(name);
    return name;
  }
}

const { consumer, requestedModel, model, route, way } = dimensionIndex;

/**
 * Series with less and less told apart, for when there are too many: consumers first, then the models that were asked
 * for. What is left after the last is bounded by the configuration.
 */
export function coarser(texts: SeriesTexts): SeriesTexts[] {
  const withOther = (...dimensions: readonly number[]): SeriesTexts =>
    texts.map((text, index) => (dimensions.includes(index) && text !== "" ? otherName : text));
  const last = withOther(consumer, requestedModel, route, model);
  return [
    withOther(consumer),
    withOther(consumer, requestedModel),
    last.map((text, index) => (index === way ? withoutModels(text) : text)),
  ];
}

export class SeriesNames<Attached> {
  readonly #series = new Map<string, Series<Attached>>();
  /** Also under the names that clients gave, as long as these are few. */
  readonly #asGiven = new Map<string, Series<Attached>>();
  readonly #requestedModels = new NameBound(maxRequestedModelsPerApi);
  readonly #models = new NameBound(maxModelsPerService);
  readonly #attach: (texts: SeriesTexts) => Attached;
  readonly #maxSeries: number;

  constructor(attach: (texts: SeriesTexts) => Attached, maxSeries = usualMaxSeries) {
    this.#attach = attach;
    this.#maxSeries = maxSeries;
  }

  /** Names were left out, or may soon be: a new hour begins with new ones. Else making them all again is saved. */
  get isWorn(): boolean {
    return this.#requestedModels.isFull || this.#models.isFull || this.#series.size > this.#maxSeries / 2;
  }

  of(record: ExchangeRecord): Series<Attached> {
    const {
      api,
      route: routeName,
      service,
      consumer: caller,
      resourceGroup,
      stream,
      status,
      outcome,
      errorCode,
    } = record;
    const text = wayTextOf(record, this.#boundModel);
    // What clients choose comes last, so that no name of theirs is taken for another field.
    const given = `${api}\u0000${routeName}\u0000${service}\u0000${caller}\u0000${resourceGroup}\u0000${
      stream ? 1 : 0
    }${status}${outcome}\u0000${errorCode}\u0000${text}\u0000${record.model}\u0000${record.requestedModel}`;
    return this.#asGiven.get(given) ?? this.#remember(given, this.#bounded(record, text));
  }

  readonly #boundModel = (service: string, name: string): string => this.#models.of(service, name);

  #remember(given: string, series: Series<Attached>): Series<Attached> {
    if (this.#asGiven.size < this.#maxSeries) this.#asGiven.set(given, series);
    return series;
  }

  #bounded(record: ExchangeRecord, text: string): Series<Attached> {
    const texts = [
      record.api,
      record.route,
      record.service,
      this.#boundModel(record.service, record.model),
      this.#requestedModels.of(record.api, record.requestedModel),
      record.consumer,
      record.resourceGroup,
      String(record.stream),
      String(record.status),
      record.outcome,
      record.errorCode,
      text,
    ];
    const known = this.#series.get(texts.join("\u0000"));
    if (known !== undefined) return known;
    const room = this.#series.size < this.#maxSeries;
    return room ? this.#create(texts) : this.#coarse(texts);
  }

  /** Each step may be half as many again. */
  #coarse(texts: SeriesTexts): Series<Attached> {
    const steps = coarser(texts);
    for (const [index, step] of steps.entries()) {
      const known = this.#series.get(step.join("\u0000"));
      if (known !== undefined) return known;
      const isLast = index === steps.length - 1;
      if (isLast || this.#series.size < this.#maxSeries * (1 + (index + 1) / 4)) return this.#create(step);
    }
    return this.#create(texts);
  }

  #create(texts: SeriesTexts): Series<Attached> {
    const series = { texts, attached: this.#attach(texts) };
    this.#series.set(texts.join("\u0000"), series);
    return series;
  }
}
