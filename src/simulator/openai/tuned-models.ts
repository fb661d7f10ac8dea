// The models that an account has made by fine-tuning.
import { perAccount } from "../account.ts";

export const tunedModels = perAccount(() => new Set<string>());
