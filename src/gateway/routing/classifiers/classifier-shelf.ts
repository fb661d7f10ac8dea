// The classifiers of one data plane: the same configuration keeps its classifier, with all that it learnt, over changes of
// anything else. Whatever no plan uses any more is forgotten.
import { createHash } from "node:crypto";
import type { RoutingClassifier } from "../../../routing/policy.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { PromptClassifier } from "../classifier.ts";
import type { DomainAsker } from "./domain-asker.ts";
import { embeddingClassifier } from "./embedding-classifier.ts";
import { httpClassifier } from "./http-classifier.ts";
import { llmClassifier } from "./llm-classifier.ts";
import { RunningClassifier, type ClassifierTools } from "./running-classifier.ts";

export class ClassifierShelf {
  readonly #tools: ClassifierTools;
  /** By a digest of their configuration; plans hold them. */
  readonly #classifiers = new Map<string, WeakRef<RunningClassifier>>();

  constructor(tools: ClassifierTools) {
    this.#tools = tools;
  }

  /** @param services of the newest plan */
  of(config: RoutingClassifier, services: ReadonlyMap<string, ServiceRuntime>): PromptClassifier {
    const key = createHash("sha256").update(JSON.stringify(config)).digest("base64");
    let classifier = this.#classifiers.get(key)?.deref();
    if (classifier === undefined) {
      this.#forgetUnused();
      classifier = new RunningClassifier(this.#askerOf(config), config.timeoutMs, this.#tools);
      this.#classifiers.set(key, new WeakRef(classifier));
    }
    classifier.service = config.type === "http" ? undefined : services.get(config.service);
    return classifier;
  }

  #forgetUnused(): void {
    for (const [key, reference] of this.#classifiers)
      if (reference.deref() === undefined) this.#classifiers.delete(key);
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
