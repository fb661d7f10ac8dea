// Turns a store that cannot be used into the answer of the admin API. Knows no store.
import { StoreUnavailable } from "../../store/store-unavailable.ts";
import { ControlError } from "../control-error.ts";

/** @throws ControlError `store_unavailable`; whatever else `work` throws */
export async function kept<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    // Its own message names a path of this machine; that belongs into the operational log.
    throw new ControlError("store_unavailable", undefined, [], error);
  }
}
