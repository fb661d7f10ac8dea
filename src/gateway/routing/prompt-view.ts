// A prompt as one Model API sees it: what its domain table and its labels say of it. Its tables are opened by the first
// prompt. Knows no model's price or health.
import type { PromptEvidence } from "../../core/routing-record.ts";
import { generalDomain } from "../../routing/domains/domain-classifier.ts";
import type { LabelEstimates } from "../../routing/labels/label-table.ts";
import { sketchOf } from "../../routing/labels/sketch.ts";
import type { PublishedRouter, RoutingPolicy } from "../../routing/policy.ts";
import type { PromptFeatures } from "../../routing/prompt/prompt-features.ts";
import type { ClassifierFailure } from "./classifier.ts";
import {
  domainsOf,
  labelsOf,
  forgetPrompt,
  readPrompt,
  routerName,
  type KnownDomains,
  type KnownLabels,
} from "./routing-engine.ts";

export interface PromptFinding {
  readonly domains: PromptEvidence["domains"];
  readonly source: "engine" | "classifier";
  /** Why a classifier said nothing; empty: none was needed. */
  readonly failure: ClassifierFailure | "";
}

export interface PromptReading {
  /** The same object for every prompt. */
  readonly features: PromptFeatures;
  readonly estimates: LabelEstimates | undefined;
  /** Where the Model API learns. */
  readonly sketch: string | undefined;
}

export class PromptView {
  readonly #learns: boolean;
  readonly #domains: KnownDomains | undefined;
  readonly #labels: KnownLabels | undefined;
  readonly routerName: string;
  /** What whoever looks after the gateway should know; empty: nothing. */
  readonly warning: string;

  constructor(
    { domainTable, learns }: Pick<RoutingPolicy, "domainTable" | "learns">,
    router: PublishedRouter | undefined,
  ) {
    this.#learns = learns;
    this.#domains = domainsOf(domainTable);
    this.#labels = labelsOf(router);
    this.routerName = routerName(this.#domains, this.#labels);
    this.warning =
      router === undefined || this.#labels !== undefined
        ? ""
        : `version ${router.version} of what was learnt cannot be used by this version of the program: train again`;
  }

  /** What the engine takes it to be about, likeliest first; of nothing in words nothing. */
  find(question: string): PromptFinding {
    const classifier = this.#domains?.classifier;
    if (classifier === undefined || question === "") return { domains: [], source: "engine", failure: "" };
    const probabilities = classifier.classify(readPrompt(question));
    // What belongs to no domain is learnt beside them, and no domain itself.
    const domains = classifier.names
      .map((name, index) => ({ name, probability: probabilities[index] ?? 0 }))
      .filter(({ name }) => name !== generalDomain);
    domains.sort((left, right) => right.probability - left.probability || (left.name < right.name ? -1 : 1));
    return { domains, source: "engine", failure: "" };
  }

  read(question: string): PromptReading {
    const features = readPrompt(question);
    forgetPrompt();
    return {
      features,
      estimates: this.#labels?.index.estimate(features),
      sketch:
        this.#learns && question !== "" ? Buffer.from(sketchOf(features)).toString("base64") : undefined,
    };
  }
}
