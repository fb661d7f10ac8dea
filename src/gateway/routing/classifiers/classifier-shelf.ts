// The classifiers of one data plane: the same configuration keeps its classifier, with all that it learnt, over changes of
// anything else. Of more than a few the one that was used least lately is forgotten.
import { createHash } from "node:crypto";
import type { RoutingClassifier } from "../../../routing/policy.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { PromptClassifier } from "../classifier.ts";
import type { DomainAsker } from "./domain-asker.ts";
import { embeddingClassifier } from "./embedding-classifier.ts";
import { httpClassifier } from "./http-classifier.ts";
import { llmClassifier } from "./llm-classifier.ts";
import { RunningClassifier, type ClassifierTools } from "./running-classifier.ts";

/** Model APIs with the same configuration share one. */
const maxKept = 16;

export class ClassifierShelf {
  readonly #tools: ClassifierTools;
  /** By a digest of their configuration, used least lately first. */
  readonly #classifiers = new Map<string, RunningClassifier>();

  constructor(tools: ClassifierTools) {
    this.#tools = tools;
  }

  /** @param services of the newest plan */
  of(config: RoutingClassifier, services: ReadonlyMap<string, ServiceRuntime>): PromptClassifier {
    const key = createHash("sha256").update(JSON.stringify(config)).digest("base64");
    const classifier =
      this.#classifiers.get(key) ??
      new RunningClassifier(this.#askerOf(config), config.timeoutMs, this.#tools);
    this.#classifiers.delete(key);
    this.#classifiers.set(key, classifier);
    if (this.#classifiers.size > maxKept) this.#forgetOldest();
    classifier.service = config.type === "http" ? undefined : services.get(config.service);
    return classifier;
  }

  #forgetOldest(): void {
    for (const key of this.#classifiers.keys()) {
      this.#classifiers.delete(key);
      return;
    }
  }

  #askerOf(config: RoutingClassifier): DomainAsker {
    switch (config.type) {
      case "embedding":
        return embeddingClassifier(config, this.#tools.clock);
      case "http":
        return httpClassifier(config);
      case "llm":
        return llmClassifier(config);
    }
  }
}
