// The models that an account has made by fine-tuning.
import { perAccount } from "../account.ts";
import type { Account } from "../account.ts";

/** Older ones are forgotten. */
const mostModels = 1_000;

export const tunedModels = perAccount(() => new Set<string>());

export function addTunedModel(account: Account, name: string): void {
  const models = tunedModels(account);
  models.add(name);
  for (const oldest of models) {
    if (models.size <= mostModels) return;
    models.delete(oldest);
  }
}
