// The prices of all models as rows, what was typed over them, and the changes of services that follow. Pure.
import type { MetricAnswer } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";

export const priceFields = [
  "input",
  "cachedInput",
  "cacheWriteInput",
  "output",
  "reasoning",
  "image",
  "second",
  "character",
] as const;
export type PriceField = (typeof priceFields)[number];

/** USD, by what it is for; a field that is not set is absent. */
export type Prices = { readonly [Field in PriceField]?: number };

export interface PriceRow {
  readonly key: string;
  readonly service: string;
  readonly model: string;
  /** Null: it has no price, and costs nothing in what is counted. */
  readonly prices: Prices | null;
  /** Requests of late; null when none were seen. */
  readonly requests: number | null;
  /** Of the service. */
  readonly resourceGroup: string;
  readonly managedBy: "api" | "file";
}

export const keyOf = (service: string, model: string): string => JSON.stringify([service, model]);

type StoredPrice = NonNullable<Service["models"][number]["price"]>;

/** What stands in the fields: a unit that costs nothing is left empty where tokens have a price. */
function pricesOf(price: StoredPrice): Prices {
  const isUnit = (field: PriceField): boolean =>
    field === "image" || field === "second" || field === "character";
  return Object.fromEntries(
    priceFields.flatMap((field) => {
      const value = price[field];
      return value === undefined || (value === 0 && isUnit(field)) ? [] : [[field, value]];
    }),
  );
}

/** Requests by service and model, as they were counted. */
export function seenModels(answer: MetricAnswer | undefined): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const { labels, other, total } of answer?.series ?? []) {
    const { service = "", model = "" } = labels;
    if (!other && service !== "" && model !== "" && (total ?? 0) > 0)
      seen.set(keyOf(service, model), total ?? 0);
  }
  return seen;
}

/** Models that were seen and have no price first, most requests first; then by service and model. */
export function priceRows(services: readonly Service[], seen: ReadonlyMap<string, number>): PriceRow[] {
  const rows = new Map<string, PriceRow>();
  for (const { name: service, models, managedBy, resourceGroup } of services) {
    for (const { name: model, price } of models) {
      const key = keyOf(service, model);
      const prices = price === undefined ? null : pricesOf(price);
      rows.set(key, {
        key,
        service,
        model,
        prices,
        requests: seen.get(key) ?? null,
        managedBy,
        resourceGroup,
      });
    }
  }
  const known = new Map(services.map((each) => [each.name, each]));
  for (const [key, requests] of seen) {
    // The key was made of exactly these two.
    const [service, model] = JSON.parse(key) as [string, string];
    const owner = known.get(service);
    if (owner === undefined || rows.has(key)) continue;
    const { managedBy, resourceGroup } = owner;
    rows.set(key, { key, service, model, prices: null, requests, managedBy, resourceGroup });
  }
  const wants = ({ prices, requests }: PriceRow): number => (prices === null ? (requests ?? 0) : 0);
  const name = ({ service, model }: PriceRow): string => `${service}\n${model}`;
  return [...rows.values()].toSorted(
    (one, other) => wants(other) - wants(one) || (name(one) < name(other) ? -1 : 1),
  );
}

/** Texts as typed, by key of the row. */
export type Typed = Readonly<Record<string, { readonly [Field in PriceField]?: string }>>;

/** Undefined: not a price. Null: none. */
export function readPrice(text: string): number | null | undefined {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return null;
  return /^\d{1,9}(?:\.\d{1,9})?$/u.test(trimmed) ? Number(trimmed) : undefined;
}

export interface PriceChange {
  readonly row: PriceRow;
  readonly after: Prices | null;
  readonly fields: readonly {
    readonly field: PriceField;
    readonly before: number | undefined;
    readonly after: number | undefined;
  }[];
}

/** What differs from what is stored. A text that is no price changes nothing. */
export function priceChanges(rows: readonly PriceRow[], typed: Typed): PriceChange[] {
  return rows.flatMap((row) => {
    const texts = typed[row.key];
    if (texts === undefined) return [];
    const fields = priceFields.flatMap((field) => {
      const text = texts[field];
      const after = text === undefined ? undefined : readPrice(text);
      const before = row.prices?.[field];
      if (after === undefined || (after ?? undefined) === before) return [];
      return [{ field, before, after: after ?? undefined }];
    });
    if (fields.length === 0) return [];
    const next: Partial<Record<PriceField, number>> = { ...row.prices };
    for (const { field, after } of fields) {
      if (after === undefined) delete next[field];
      else next[field] = after;
    }
    return [{ row, fields, after: Object.keys(next).length === 0 ? null : next }];
  });
}

/** Whether something is typed that is no price. */
export function hasFault(typed: Typed): boolean {
  return Object.values(typed).some((texts) =>
    Object.values(texts).some((text) => readPrice(text) === undefined),
  );
}

export interface ServiceChange {
  readonly service: Service;
  readonly models: Service["models"];
}

/** The models of every service that changes, the others of it as they are. One that was only seen is added. */
export function serviceChanges(
  services: readonly Service[],
  changes: readonly PriceChange[],
): ServiceChange[] {
  return services.flatMap((service) => {
    const own = changes.filter(({ row }) => row.service === service.name);
    if (own.length === 0) return [];
    const byModel = new Map(own.map((change) => [change.row.model, change]));
    const listed = new Set(service.models.map(({ name }) => name));
    const models = service.models.map((model) => {
      const change = byModel.get(model.name);
      if (change === undefined) return model;
      const { price: _price, ...rest } = model;
      return change.after === null ? rest : { ...rest, price: storedPrice(change.after) };
    });
    const added = own.flatMap(({ row, after }) =>
      listed.has(row.model) || after === null ? [] : [{ name: row.model, price: storedPrice(after) }],
    );
    return [{ service, models: [...models, ...added] }];
  });
}

function storedPrice(prices: Prices): StoredPrice {
  const { input = 0, output = 0, image = 0, second = 0, character = 0, ...optional } = prices;
  return { input, output, image, second, character, ...optional };
}
