// The rows of the provider catalogue with the models that are known of each, as forms and clients of the admin API see them.
import type { OwnModelData, SourcedModel } from "../core/known-model.ts";
import type { ProviderId } from "../resources/provider-id.ts";
import { providerOf, providers } from "./catalog.ts";
import { catalogueOf } from "./model-catalogue.ts";
import type { Provider } from "./provider.ts";

export type KnownProvider = Provider & { readonly models: readonly SourcedModel[] };

/** @param own what an administrator says of models */
export function knownProviders(own?: OwnModelData): readonly KnownProvider[] {
  return providers.map((row) => withModels(row, own));
}

export function knownProviderOf(id: ProviderId, own?: OwnModelData): KnownProvider {
  return withModels(providerOf(id), own);
}

function withModels(row: Provider, own: OwnModelData | undefined): KnownProvider {
  return { ...row, models: [...catalogueOf(own).models(row.id).values()] };
}
