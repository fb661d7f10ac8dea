// Model APIs and counts for the tests of the Way. Not part of the console.
import type {
  WayAnswer,
  WayStepName,
  WayStop,
  WayTarget,
} from "../../../../src/control/routes/console-answers.ts";
import type { ModelApi } from "../../api/resources.ts";
import type { WayApi } from "./way-picture.ts";

const twoTargets: ModelApi["modelService"] = {
  mode: "by-weight",
  targets: [
    { service: "a", weight: 1 },
    { service: "b", weight: 1 },
  ],
};

export function anApi(
  modelService: ModelApi["modelService"] = twoTargets,
  fallbacks: ModelApi["fallback"]["targets"] = [],
): WayApi {
  return {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    routes: { disabled: [], enabled: [], custom: [] },
    auth: { enabled: false, methods: ["api-key"], apiKeySources: [], grants: [] },
    rateLimits: [],
    moderation: {
      enabled: false,
      dryRun: false,
      request: true,
      response: true,
      images: false,
      onError: "block",
      streamWindowCharacters: 200,
      checks: [],
      rules: [],
    },
    modelService,
    fallback: { enabled: true, on: [], targets: fallbacks },
  };
}

export function counted(service: string, model: string, chosen: number, failed = 0): WayTarget {
  return {
    service,
    model,
    chosen,
    served: chosen - failed,
    failed,
    left: 0,
    passedOver: 0,
    share: 0,
    ttftP50Ms: null,
  };
}

interface Parts {
  readonly own?: number;
  readonly stops?: Partial<Record<WayStepName, readonly WayStop[]>>;
  readonly fallbacks?: WayAnswer["fallbacks"];
}

/** An answer whose counts add up. */
export function aWay(
  targets: readonly WayTarget[],
  { own = 0, stops = {}, fallbacks = [] }: Parts = {},
): WayAnswer {
  const names: readonly WayStepName[] = ["match", "authenticate", "limit", "moderate", "select"];
  const past = own + targets.reduce((sum, { chosen }) => sum + chosen, 0);
  const stopped = names.map((name) => (stops[name] ?? []).reduce((sum, { count }) => sum + count, 0));
  const arrived = past + stopped.reduce((sum, each) => sum + each, 0);
  let passed = arrived;
  const steps = names.map((step, index) => {
    passed -= stopped[index] ?? 0;
    return { step, passed, medianMs: null, stopped: stops[step] ?? [] };
  });
  const served = [...targets, ...fallbacks].reduce((sum, each) => sum + each.served, own);
  return {
    window: "24h",
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-01-02T00:00:00.000Z",
    complete: true,
    since: null,
    api: "chat",
    rate: 0,
    arrived,
    steps,
    own,
    targets,
    fallbacks,
    reply: { answered: served, failed: past - served, left: 0, p95TotalMs: null },
    overheadP50Ms: null,
    lastExchanges: [],
  };
}
