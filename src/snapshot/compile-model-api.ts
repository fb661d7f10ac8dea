// One Model API -> what the data plane matches and serves. Knows no other resource.
import { routesOf } from "../resources/default-routes.ts";
import type { ModelApi } from "../resources/model-api.ts";
import type { ModelService, Target } from "../resources/model-service.ts";
import { endMs } from "./compile-consumer.ts";
import type { SnapshotApi, SnapshotAuth, SnapshotModelService, SnapshotTarget } from "./snapshot.ts";

/** Undefined for a disabled Model API, and for one whose mode this build does not serve. */
export function compileModelApi(api: ModelApi): SnapshotApi | undefined {
  const modelService = compileModelService(api.modelService);
  if (!api.enabled || modelService === undefined) return undefined;
  const { metrics, logs, traces, exposeHeaders } = api.monitoring;
  return {
    name: api.name,
    useCase: api.useCase,
    resourceGroup: api.resourceGroup,
    protocols: api.protocols,
    hosts: api.domains,
    basePath: api.basePath,
    stripBasePath: api.stripBasePath,
    routes: routesOf(api.useCase, api.protocols, api.routes),
    modelService,
    retries: { ...api.retries },
    firstPacketTimeoutMs: api.firstPacketTimeoutMs,
    auth: compileAuth(api),
    corsOrigins: api.cors.enabled ? api.cors.origins : [],
    monitoring: { metrics, logs, traces, exposeHeaders },
  };
}

function compileModelService(modelService: ModelService): SnapshotModelService | undefined {
  return modelService.mode === "single"
    ? { mode: "single", target: compileTarget(modelService.target) }
    : undefined;
}

function compileTarget({ service, model }: Target): SnapshotTarget {
  return model === undefined ? { service } : { service, model };
}

function compileAuth(api: ModelApi): SnapshotAuth | null {
  if (!api.auth.enabled) return null;
  return {
    apiKeySources: api.auth.methods.includes("api-key") ? api.auth.apiKeySources : [],
    grants: api.auth.grants.flatMap((grant) =>
      "consumer" in grant ? [{ consumer: grant.consumer, expiresAtMs: endMs(grant.expiresAt) }] : [],
    ),
  };
}
