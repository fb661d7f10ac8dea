// What is known of models: shipped data, what an administrator says of them, and quirks, put together by provider and name.
import type { KnownModel, KnownPrice, OwnModelData, SourcedModel } from "../core/known-model.ts";
import type { ModelTraits } from "../core/model-traits.ts";
import type { Price } from "../core/price.ts";
import type { ProviderId } from "../resources/provider-id.ts";
import { assumptions, quirks } from "./model-quirks.ts";
import { QuirkTable } from "./quirk-table.ts";
import { shippedModels } from "./shipped-models.ts";

const assumed = new QuirkTable(assumptions);
const corrected = new QuirkTable(quirks);

/** Names are as clients write them, so that no more of them are remembered. */
const mostRemembered = 1_000;

interface ProviderModels {
  readonly shipped: ReadonlyMap<string, SourcedModel>;
  readonly own: ReadonlyMap<string, SourcedModel>;
  /** Both: what an administrator says goes over what ships, field by field. */
  readonly all: ReadonlyMap<string, SourcedModel>;
}

export class ModelCatalogue {
  readonly #own: OwnModelData;
  readonly #models = new Map<string, ProviderModels>();
  readonly #prices = new Map<string, ReadonlyMap<string, Price>>();
  readonly #traits = new Map<string, ModelTraits>();

  constructor(own: OwnModelData = nothingOwn) {
    this.#own = own;
  }

  /** By name; those that only an administrator knows come last. */
  models(provider: string): ReadonlyMap<string, SourcedModel> {
    return this.#known(provider).all;
  }

  /** Undefined where no price is known for this very name. */
  price(provider: string, model: string): Price | undefined {
    let prices = this.#prices.get(provider);
    if (prices === undefined) {
      const rows = [...this.models(provider).values()];
      prices = new Map(
        rows.flatMap(({ name, price }): [string, Price][] =>
          price === undefined ? [] : [[name, fullPrice(price)]],
        ),
      );
      this.#prices.set(provider, prices);
    }
    return prices.get(model);
  }

  /** Undefined: nothing, not by names that are like it either. */
  known(provider: string, model: string): KnownModel | undefined {
    const listed = this.models(provider).get(model);
    const traits = this.traits(provider, model);
    return Object.keys(traits).length === 0 ? listed : { name: model, ...listed, traits };
  }

  /** A name that is not listed is taken for the same model with another date, else as names like it are. */
  traits(provider: string, model: string): ModelTraits {
    const key = `${provider} ${model}`;
    let traits = this.#traits.get(key);
    if (traits === undefined) {
      traits = this.#resolve(provider, model);
      if (this.#traits.size >= mostRemembered) this.#traits.clear();
      this.#traits.set(key, traits);
    }
    return traits;
  }

  #resolve(provider: string, model: string): ModelTraits {
    const { shipped, own } = this.#known(provider);
    const listed = listedAs(shipped, model);
    const said = listedAs(own, model);
    const base = listed?.traits ?? merged(assumed.of(provider, model));
    const settled = corrected.of(provider, model).reduce(addQuirk, { ...base, ...figuresOf(listed) });
    return { ...settled, ...figuresOf(said), ...said?.traits };
  }

  #known(provider: string): ProviderModels {
    let known = this.#models.get(provider);
    if (known === undefined) {
      const { shipped: extent, providers } = this.#own;
      // The ids of other providers find no file.
      const rows = extent === "none" ? [] : shippedModels(provider as ProviderId);
      const shipped = new Map(
        rows.map((row) => [row.name, extent === "without-prices" ? withoutPrice(row) : row]),
      );
      const ownRows = Object.hasOwn(providers, provider) ? (providers[provider] ?? []) : [];
      const own = new Map(ownRows.map((row) => [row.name, row]));
      const all = new Map(shipped);
      for (const [name, row] of own) all.set(name, over(all.get(name), row));
      known = { shipped, own, all };
      this.#models.set(provider, known);
    }
    return known;
  }
}

const nothingOwn: OwnModelData = { shipped: "all", providers: {} };

/** Where nobody has said anything of his own. */
export const shippedCatalogue = new ModelCatalogue();

/** By what an administrator says: most snapshots say the same as the one before. */
const catalogues = new WeakMap<OwnModelData, ModelCatalogue>();

export function catalogueOf(own: OwnModelData | undefined): ModelCatalogue {
  if (own === undefined) return shippedCatalogue;
  let catalogue = catalogues.get(own);
  if (catalogue === undefined) {
    catalogue = new ModelCatalogue(own);
    catalogues.set(own, catalogue);
  }
  return catalogue;
}

/** What stands around the name of a model: its date, or that it is the newest. */
const dateAtEnd = /(?:-\d{4}-\d{2}-\d{2}|-\d{8}|@\d{8}|@default|-latest)$/u;
/** Profiles of Bedrock: the same model in a group of regions. */
const regionAtStart = /^(?:us|us-gov|eu|apac|jp|au|ca|global)\./u;

function listedAs(models: ReadonlyMap<string, SourcedModel>, name: string): SourcedModel | undefined {
  return (
    models.get(name) ?? models.get(name.replace(dateAtEnd, "")) ?? models.get(name.replace(regionAtStart, ""))
  );
}

function merged(traits: readonly ModelTraits[]): ModelTraits {
  return Object.assign({}, ...traits);
}

function addQuirk(traits: ModelTraits, quirk: ModelTraits): ModelTraits {
  const refuses = [...new Set([...(traits.refuses ?? []), ...(quirk.refuses ?? [])])];
  return { ...traits, ...quirk, ...(refuses.length > 0 && { refuses }) };
}

function figuresOf(model: KnownModel | undefined): ModelTraits {
  const { contextWindow, maxOutputTokens } = model ?? {};
  return {
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

function withoutPrice({ price: _price, ...model }: SourcedModel): SourcedModel {
  return model;
}

function over(shipped: SourcedModel | undefined, own: SourcedModel): SourcedModel {
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...shipped,
    ...own,
    ...said,
    ...(own.traits && { traits: { ...shipped?.traits, ...own.traits } }),
  };
}

function fullPrice(price: KnownPrice): Price {
  const { input = 0, output = 0, image = 0, second = 0, character = 0 } = price;
  const { cachedInput = input, cacheWriteInput = input, reasoning = output } = price;
  return { input, cachedInput, cacheWriteInput, output, reasoning, image, second, character };
}
