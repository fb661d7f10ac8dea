// Mode single: one target for every request.
import { GatewayError } from "../../core/errors.ts";
import type { SnapshotTarget } from "../../snapshot/snapshot.ts";
import type { ServiceRuntime } from "../service-runtime.ts";
import type { Selection, Selector } from "./selector.ts";

export function createSingleSelector(
  target: SnapshotTarget,
  services: ReadonlyMap<string, ServiceRuntime>,
): Selector {
  const service = services.get(target.service);
  // The same object for every request: nothing about it depends on one.
  const selection: Selection | undefined = service && {
    targets: [{ service, model: target.model }],
    decision: {
      mode: "single",
      reason: "the only target",
      candidates: [{ service: target.service, model: target.model ?? "", reason: "" }],
    },
  };
  return {
    rank() {
      if (selection === undefined || service?.config.usable !== true) {
        throw new GatewayError("no_healthy_service", {
          message: `Service ${target.service} has no enabled API key.`,
        });
      }
      return selection;
    },
  };
}
