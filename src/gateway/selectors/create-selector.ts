// From a mode to its selector: one row per mode.
import type { SnapshotModelService } from "../../snapshot/snapshot.ts";
import type { ServiceRuntime } from "../service-runtime.ts";
import type { Selector } from "./selector.ts";
import { createSingleSelector } from "./single.ts";

export function createSelector(
  modelService: SnapshotModelService,
  services: ReadonlyMap<string, ServiceRuntime>,
): Selector {
  switch (modelService.mode) {
    case "single":
      return createSingleSelector(modelService.target, services);
  }
}
