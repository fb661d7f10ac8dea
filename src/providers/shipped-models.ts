// The model data that ships with the program, read when a provider is first asked for. Knows no service.
import { existsSync, readFileSync } from "node:fs";
import type { KnownModel, Origin, SourcedModel } from "../core/known-model.ts";
import type { ProviderId } from "../resources/provider-id.ts";

/** One file of `models/`; a model may have an origin of its own. */
type ModelsFile = Origin & { readonly models: readonly (KnownModel & Partial<Origin>)[] };

const known = new Map<ProviderId, readonly SourcedModel[]>();

/** Empty where nothing is known. */
export function shippedModels(provider: ProviderId): readonly SourcedModel[] {
  let models = known.get(provider);
  if (models === undefined) {
    models = readModels(provider);
    known.set(provider, models);
  }
  return models;
}

function readModels(provider: ProviderId): readonly SourcedModel[] {
  const file = new URL(`./models/${provider}.json`, import.meta.url);
  if (!existsSync(file)) return [];
  // The file is generated, and a test reads every row of it.
  const { source, date, models } = JSON.parse(readFileSync(file, "utf8")) as ModelsFile;
  return models.map((model) => ({ source, date, ...model }));
}
