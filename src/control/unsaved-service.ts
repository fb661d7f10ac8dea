// A service as its author has it before it is saved. Writes nothing; knows no HTTP.
import type { Service } from "../resources/service.ts";
import { endpointsOf } from "../providers/endpoint.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import type { JsonObject } from "./merge-patch.ts";
import { readUnsavedObject } from "./unsaved-object.ts";

/** @throws ControlError `invalid`, `secret_missing` */
export function readUnsavedService(configuration: Configuration, body: JsonObject): Service {
  const service = readUnsavedObject(configuration, "services", body);
  requireEndpoint(service);
  return service;
}

/** @throws ControlError `invalid` for a service without an address */
export function requireEndpoint(service: Service): void {
  const result = endpointsOf(service);
  if (result.ok && result.endpoints.length > 0) return;
  const path = result.ok ? "protocols" : result.path;
  const problem = result.ok ? `is required for provider ${service.provider}` : result.problem;
  throw new ControlError("invalid", `${path} ${problem}`, [{ path, message: problem }]);
}
