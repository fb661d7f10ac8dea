// One Model API -> what the data plane matches and serves. Knows no other resource.
import { routesOf } from "../resources/default-routes.ts";
import type { ModelApi } from "../resources/model-api.ts";
import type { ModelService, Target } from "../resources/model-service.ts";
import { compileAuth } from "./compile-auth.ts";
import { compileCache } from "./compile-cache.ts";
import { compileRateLimits } from "./compile-rate-limits.ts";
import { compileRouting } from "./compile-routing.ts";
import { compileModeration } from "./compile-moderation.ts";
import { compileIpAccess, compileShaping } from "./compile-shaping.ts";
import type {
  SnapshotApi,
  SnapshotFallback,
  SnapshotModelService,
  SnapshotRecording,
  SnapshotTarget,
} from "./snapshot.ts";

/** Undefined for a disabled Model API. */
export function compileModelApi(api: ModelApi): SnapshotApi | undefined {
  if (!api.enabled) return undefined;
  const modelService = compileModelService(api.modelService);
  const { metrics, logs, traces, traceSampleRatio, exposeHeaders } = api.monitoring;
  const recording = compileRecording(api.monitoring);
  const moderation = compileModeration(api.moderation);
  const cache = compileCache(api);
  const rateLimits = compileRateLimits(api);
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
    fallback: compileFallback(api.fallback),
    retries: { ...api.retries },
    firstPacketTimeoutMs: api.firstPacketTimeoutMs,
    auth: compileAuth(api),
    ...(rateLimits === undefined ? {} : { rateLimits }),
    corsOrigins: api.cors.enabled ? api.cors.origins : [],
    ...(moderation === undefined ? {} : { moderation }),
    ...(cache === undefined ? {} : { cache }),
    ...compileTranslation(api),
    ...compileIpAccess(api),
    ...compileShaping(api),
    monitoring: {
      metrics,
      logs,
      traces,
      traceSampleRatio,
      exposeHeaders,
      ...(recording === undefined ? {} : { recording }),
    },
  };
}

/** Absent where nothing was said: that is how most are. */
function compileTranslation({ translation, images }: ModelApi): Pick<SnapshotApi, "translation" | "images"> {
  const { strict, passFields } = translation;
  const isDefault = images.pollSeconds === 1 && images.deadlineSeconds === 120;
  return {
    ...(strict || passFields.length > 0 ? { translation: { strict, passFields } } : {}),
    ...(isDefault ? {} : { images }),
  };
}

/** Content stands in log records, so without these there is none. */
function compileRecording({
  logs,
  recordRequestContent: request,
  recordResponseContent: response,
  recordMaxBytes: maxBytes,
  redact,
}: ModelApi["monitoring"]): SnapshotRecording | undefined {
  if (!logs || !(request || response)) return undefined;
  return { request, response, maxBytes, redact };
}

function compileModelService(modelService: ModelService): SnapshotModelService {
  switch (modelService.mode) {
    case "single":
      return { mode: "single", target: compileTarget(modelService.target) };
    case "by-model-name": {
      const rules = modelService.rules.map(({ pattern, target }) => ({
        pattern,
        target: compileTarget(target),
      }));
      const { default: fallThrough } = modelService;
      return {
        mode: "by-model-name",
        rules,
        ...(fallThrough === undefined ? {} : { default: compileTarget(fallThrough) }),
      };
    }
    case "by-weight": {
      const targets = modelService.targets.map((target) => ({
        ...compileTarget(target),
        weight: target.weight,
      }));
      return { mode: "by-weight", targets };
    }
    case "by-metrics": {
      const { goal, maxShare, targets } = modelService;
      return { mode: "by-metrics", goal, maxShare, targets: targets.map(compileTarget) };
    }
    case "intelligent":
      return { mode: "intelligent", policy: compileRouting(modelService) };
  }
}

function compileFallback({ enabled, on, targets }: ModelApi["fallback"]): SnapshotFallback {
  if (!enabled) return { on: [], targets: [] };
  return {
    on,
    targets: targets.map((target) => ({
      ...compileTarget(target),
      ...(target.firstPacketTimeoutMs === undefined
        ? {}
        : { firstPacketTimeoutMs: target.firstPacketTimeoutMs }),
    })),
  };
}

function compileTarget({ service, model }: Target): SnapshotTarget {
  return model === undefined ? { service } : { service, model };
}
