// A classifier by an embedding service: a prompt belongs to the domain whose examples mean the like. What the examples mean
// is asked once per configuration and service, in the background; until that is known nobody is asked.
import type { Clock } from "../../../core/clock.ts";
import { classMeans, type ClassMeans, type ClassVectors } from "../../../routing/domains/class-means.ts";
import type { ClassifierDomain } from "../../../routing/policy.ts";
import { askService } from "../../ask-service.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { DomainProbability } from "../classifier.ts";
import { ClassifierFailed, goodBody, type AskTools, type DomainAsker } from "./domain-asker.ts";
import { readEmbeddings } from "./embeddings-answer.ts";

/** Texts of one question: some services take no more. */
const batch = 10;
const examplesTimeoutMs = 10_000;
const maxAnswerBytes = 4 * 1024 * 1024;
/** After examples could not be learnt. */
const restMs = 30_000;

interface EmbeddingConfig {
  readonly model: string;
  readonly timeoutMs: number;
  readonly domains: readonly ClassifierDomain[];
}

export function embeddingClassifier(config: EmbeddingConfig, clock: Pick<Clock, "monotonicMs">): DomainAsker {
  const examples = new LearntExamples(config, clock);
  return {
    whereUnsure: false,
    notReady: (tools) => examples.means(tools) === undefined,
    async ask(text, tools) {
      const means = examples.means(tools);
      if (means === undefined) throw new ClassifierFailed("not-ready");
      const [vector] = await embed([text], config.model, config.timeoutMs, tools);
      if (vector?.length !== means.dimensions) throw new ClassifierFailed("not-understood");
      const probabilities = means.classify(vector);
      return means.names.map((name, index): DomainProbability => ({
        name,
        probability: probabilities[index] ?? 0,
      }));
    },
  };
}

class LearntExamples {
  readonly #config: EmbeddingConfig;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #means: ClassMeans | undefined;
  /** Whom they were learnt from. */
  #service: ServiceRuntime["config"] | undefined;
  #learning = false;
  #restsUntilMs = 0;

  constructor(config: EmbeddingConfig, clock: Pick<Clock, "monotonicMs">) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Those that are known. Begins to learn them where they are not, or the service is another by now. */
  means({ service, upstream }: Pick<AskTools, "service" | "upstream">): ClassMeans | undefined {
    if (service === undefined) throw new ClassifierFailed("not-offered");
    const isKnown = this.#means !== undefined && this.#service === service.config;
    if (!isKnown && !this.#learning && this.#clock.monotonicMs() >= this.#restsUntilMs) {
      this.#learning = true;
      void this.#learn({ service, upstream, signal: new AbortController().signal });
    }
    return this.#means;
  }

  /** Never rejects: what fails is tried again after a rest. */
  async #learn(tools: AskTools): Promise<void> {
    try {
      this.#means = await this.#asked(tools);
      this.#service = tools.service?.config;
    } catch {
      this.#restsUntilMs = this.#clock.monotonicMs() + restMs;
    } finally {
      this.#learning = false;
    }
  }

  /** @throws ClassifierFailed, AskFailed */
  async #asked(tools: AskTools): Promise<ClassMeans> {
    const { model, domains } = this.#config;
    const rows = domains.flatMap(({ examples }, domain) => examples.map((text) => ({ domain, text })));
    const vectors: Float32Array[] = [];
    for (let at = 0; at < rows.length; at += batch) {
      const texts = rows.slice(at, at + batch).map(({ text }) => text);
      vectors.push(...(await embed(texts, model, examplesTimeoutMs, tools)));
    }
    if (vectors.some(({ length }) => length !== vectors[0]?.length))
      throw new ClassifierFailed("not-understood");
    const classes = domains
      .map(({ name }, domain): ClassVectors => ({
        name,
        vectors: vectors.filter((_, index) => rows[index]?.domain === domain),
      }))
      .filter((each) => each.vectors.length > 0);
    return classMeans(classes);
  }
}

/** @throws ClassifierFailed, AskFailed */
async function embed(
  texts: readonly string[],
  model: string,
  timeoutMs: number,
  { service, upstream, signal }: AskTools,
): Promise<readonly Float32Array[]> {
  if (service === undefined) throw new ClassifierFailed("not-offered");
  const answer = await askService(
    service,
    {
      protocols: ["openai"],
      model,
      ask: () => ({ path: "/v1/embeddings", body: { model, input: texts, encoding_format: "float" } }),
      timeoutMs,
      maxBytes: maxAnswerBytes,
      signal,
    },
    upstream,
  );
  const vectors = readEmbeddings(goodBody(answer), texts.length);
  if (vectors === undefined) throw new ClassifierFailed("not-understood");
  return vectors;
}
