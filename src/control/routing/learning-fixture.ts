// What mode intelligent learns, kept in memory, a Model API that learns, and a record of it. Tests only.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { RoutingRecord } from "../../core/routing-record.ts";
import { modelServiceField } from "../../resources/model-service.ts";
import { parseResource } from "../../resources/registry.ts";
import type { ResourceSet } from "../../resources/resource-set.ts";
import { runLearningTask, type LearningTask } from "../../routing/learning/learning-task.ts";
import { vectorLength } from "../../routing/prompt/prompt-features.ts";
import { routingStoreInMemory } from "../../store/sqlite-routing-store.ts";
import type { ConfigurationFixture } from "../configuration-fixture.ts";
import { loadWorkingSet } from "../working-set.ts";
import { LabelBook } from "./label-book.ts";
import { RouterVersions } from "./router-versions.ts";
import type { LearningPort, RoutingPort } from "./routing-port.ts";
import { Trainings } from "./trainings.ts";

export function openLearning(fixture: ConfigurationFixture): RoutingPort {
  const { configuration, wallMs } = fixture;
  const store = routingStoreInMemory();
  const labels = new LabelBook({ store, wallMs });
  const onPublished = () => configuration.routersChanged();
  const versions = new RouterVersions({ store, wallMs, onPublished });
  fixture.learnt.routers = () => versions.published;
  const learning = workHere();
  const report = (_api: string, error: unknown): never => {
    throw error;
  };
  const trainings = new Trainings({ configuration, labels, versions, learning, wallMs, report });
  return { labels, versions, trainings, learning, digest: fixture.cipher.mac };
}

/** Works in this thread. */
function workHere(): LearningPort {
  return {
    // Kind and task belong together by the signature, and so do kind and result.
    run: async (kind, task) => runLearningTask({ kind, task } as LearningTask),
  };
}

/** The Model API `chat` of mode intelligent. */
export function intelligentResources(modelService: object): ResourceSet {
  const { resources } = loadWorkingSet([], 0, (_kind, _name, body) => body);
  const parsed = parseResource("model-apis", {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "s" } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const intelligent = modelServiceField.parse({
    mode: "intelligent",
    candidates: [
      { service: "s", model: "m" },
      { service: "s", model: "large" },
    ],
    ...modelService,
  });
  const value = { ...parsed.value, modelService: intelligent };
  const chat = { kind: "model-apis", name: "chat", revision: 1, managedBy: "api", value } as const;
  return { ...resources, "model-apis": new Map([["chat", chat]]) };
}

export const choiceEvidence: RoutingRecord["evidence"] = {
  profile: "balanced",
  costWeight: 0.15,
  latencyWeight: 0.05,
  maxQualityDrop: 0.06,
  prompt: {
    language: "en",
    complexity: 0.2,
    domains: [{ name: "code", probability: 0.9 }],
    source: "engine",
    familiarity: 0.5,
  },
  models: [
    {
      model: "m",
      excluded: "",
      declared: 0.6,
      general: 0.6,
      learnt: { near: 0.7, mean: 0.6, count: 9 },
      costUsd: 0.001,
      latencyMs: 300,
    },
  ],
  defaultModel: "m",
  preferred: [],
  inToolLoop: false,
};

const someSketch = Buffer.concat([Buffer.of(0x81, 0, 0x7f), Buffer.alloc(vectorLength - 3)]);

/** What feedback reads of a record. */
export function routedRecord(
  fields: { readonly api?: string; readonly sketch?: string | undefined } = {},
): Pick<ExchangeRecord, "api" | "model" | "decision"> {
  const { api, sketch } = { api: "chat", sketch: someSketch.toString("base64"), ...fields };
  const choice = { model: "m", reason: "best", margin: 0.1, propensity: 1 } as const;
  const routing = {
    router: "3.0.0",
    evidence: choiceEvidence,
    choice,
    ...(sketch === undefined ? {} : { sketch }),
  };
  return { api, model: "m", decision: { mode: "intelligent", reason: "", candidates: [], routing } };
}
