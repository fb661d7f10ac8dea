// Mode intelligent: the model that suits the request best, then the service of that model that answers best. Knows no
// protocol: what a request says comes as facts.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Decision, DecisionCandidate } from "../../core/exchange-record.ts";
import type { Choice, ChoiceEvidence, RoutingRecord } from "../../core/routing-record.ts";
import { shortText } from "../../lib/short-text.ts";
import type { RoutingRow } from "../../routing/decision/characteristics.ts";
import { chooseModel } from "../../routing/decision/choose-model.ts";
import {
  gatherEvidence,
  type CompiledRouting,
  type GatheredEvidence,
} from "../../routing/decision/gather-evidence.ts";
import { asksForNoProfile, autoNames } from "../../routing/decision/profiles.ts";
import { fourDecimals } from "../../routing/decision/rounding.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import type { PromptClassifier } from "../routing/classifier.ts";
import { excludedWords, nothingFits } from "../../routing/decision/explain-choice.ts";
import { decisionWords } from "../routing/choice-words.ts";
import type { Conversations, ModelMark } from "../routing/conversations.ts";
import { ModelTargets } from "../routing/model-targets.ts";
import type { PromptFinding, PromptView } from "../routing/prompt-view.ts";
import type { Selectable, Selection, Selector, Target } from "./selector.ts";

export interface IntelligentOptions {
  readonly routing: CompiledRouting;
  readonly prompts: PromptView;
  /** By the candidate's place; undefined: its service is not there. */
  readonly targets: readonly (Target | undefined)[];
  /** Who else tells what prompts are about; undefined: nobody. */
  readonly classifier: PromptClassifier | undefined;
  /** Whether a request that fails goes to another target. */
  readonly fallbackExists: boolean;
  readonly firstPacketTimeoutMs: number;
}

export interface IntelligentTools {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly conversations: Conversations;
}

/** @param make called by the first request: a new configuration makes the selectors of every Model API, asked or not */
export function createIntelligentSelector(make: () => IntelligentOptions, tools: IntelligentTools): Selector {
  let selector: IntelligentSelector | undefined;
  return { select: (request) => (selector ??= new IntelligentSelector(make(), tools)).select(request) };
}

/** What happens to requests on the way to a decision. */
interface Question {
  readonly request: Selectable;
  readonly facts: RequestFacts;
  readonly rules: ReturnType<CompiledRouting["readRules"]>;
}

const minuteMs = 60_000;

class IntelligentSelector {
  readonly #options: IntelligentOptions;
  readonly #tools: IntelligentTools;
  readonly #targets: ModelTargets;
  readonly #marks: readonly ModelMark[];

  constructor(options: IntelligentOptions, tools: IntelligentTools) {
    this.#options = options;
    this.#tools = tools;
    this.#targets = new ModelTargets(options, tools);
    this.#marks = options.routing.models.map(({ model }) => tools.conversations.markOf(model));
  }

  select(request: Selectable): Selection | Promise<Selection> {
    const { routing, prompts, classifier } = this.#options;
    const facts = request.facts?.() ?? bareFacts(request);
    this.#refuseOtherName(facts);
    const question = { request, facts, rules: routing.readRules(facts) };
    const found = prompts.find(facts.question);
    const isSettled =
      question.rules.domain !== undefined ||
      question.rules.rule?.model !== undefined ||
      routing.models.some(({ model }) => model === facts.requestedModel);
    if (classifier === undefined || request.waitFor === undefined || request.dryRun || isSettled)
      return this.#decide(question, found);
    return this.#ask(classifier, request.waitFor, question, found);
  }

  async #ask(
    classifier: PromptClassifier,
    waitFor: NonNullable<Selectable["waitFor"]>,
    question: Question,
    found: PromptFinding,
  ): Promise<Selection> {
    const text = question.facts.question;
    const said = await waitFor(
      (signal) => classifier.classify({ text, engine: found.domains, signal }),
      this.#tools.clock,
    );
    const heard: PromptFinding =
      said.by === "classifier"
        ? { domains: said.domains, source: "classifier", failure: "" }
        : { ...found, failure: said.failure };
    return this.#decide(question, heard);
  }

  #decide({ request, facts, rules }: Question, found: PromptFinding): Selection {
    const { routing, prompts } = this.#options;
    const states = this.#targets.look(request);
    // Read again: whoever waited for a classifier has seen other prompts pass.
    const { features, estimates, sketch } = prompts.read(facts.question);
    const gathered = gatherEvidence(routing, {
      facts,
      rules,
      features,
      found,
      estimates,
      states,
      previous: this.#previousOf(facts),
      draw: this.#draw(request),
    });
    const choice = chooseModel(gathered.evidence);
    const model = this.#modelOf(choice, facts);
    if (choice.reason === "none-fits") refuseUnanswerable(gathered.evidence);
    if (!request.dryRun) this.#keep(facts, model);
    const { target, standing, decision } = this.#targets.select(
      model,
      rowsOf(model, gathered, routing),
      request,
    );
    const routed: RoutingRecord = {
      router: prompts.routerName,
      evidence: gathered.evidence,
      choice: {
        model: choice.model,
        reason: choice.reason,
        margin: choice.margin,
        propensity: choice.propensity,
      },
      ...(sketch !== undefined && { sketch, ...this.#tagOf(facts) }),
    };
    return {
      target,
      standing,
      fallbackModel: model,
      decision: {
        mode: "intelligent",
        reason: decisionWords(
          { model, reason: choice.reason },
          {
            place: decision.reason,
            failure: found.failure,
            warning: request.dryRun ? prompts.warning : "",
          },
        ),
        candidates: this.#rows(gathered, choice, decision),
        routing: routed,
      },
    };
  }

  /** @throws GatewayError model_not_found, with the names that may be asked for instead */
  #refuseOtherName({ requestedModel: asked, mayUse }: RequestFacts): void {
    const { policy, models } = this.#options.routing;
    if (asked === undefined || autoNames.includes(asked)) return;
    if (policy.otherNames === "route" && !asksForNoProfile(asked)) return;
    if (models.some(({ model }) => model === asked)) return;
    const names = [...autoNames, ...models.map(({ model }) => model).filter(mayUse)];
    const message = `This Model API does not serve the model "${shortText(asked.toWellFormed(), 256)}". Ask for one of: ${shortText(names.join(", "), 1_024)}.`;
    throw new GatewayError("model_not_found", { message, param: "model" });
  }

  /** Where nothing can be sent to, whatever a fallback is there for: the default, if the consumer may use it. */
  #modelOf(choice: Choice, { mayUse }: RequestFacts): string {
    if (choice.model !== "") return choice.model;
    const { defaultModel, models } = this.#options.routing;
    const permitted = mayUse(defaultModel) ? defaultModel : models.find(({ model }) => mayUse(model))?.model;
    if (permitted !== undefined) return permitted;
    const message = "The grant of this consumer covers no model of this Model API.";
    throw new GatewayError("consumer_not_allowed", { message, param: "model" });
  }

  #previousOf({ conversation, continues }: RequestFacts): string | undefined {
    const { stickiness } = this.#options.routing.policy;
    if (stickiness === undefined || conversation === undefined || !continues) return undefined;
    return this.#tools.conversations.find(conversation, this.#marks);
  }

  #tagOf({ conversation }: RequestFacts): Pick<RoutingRecord, "conversation"> {
    const tag = conversation === undefined ? "" : this.#tools.conversations.tagOf(conversation);
    return tag === "" ? {} : { conversation: tag };
  }

  #keep({ conversation }: RequestFacts, model: string): void {
    const { stickiness } = this.#options.routing.policy;
    const mark = this.#marks.find((one) => one.model === model);
    if (stickiness === undefined || conversation === undefined || mark === undefined) return;
    const untilMs = this.#tools.clock.monotonicMs() + stickiness.minutes * minuteMs;
    this.#tools.conversations.keep(conversation, mark, untilMs);
  }

  #draw({ dryRun }: Selectable): { readonly random: number; readonly share: number } | undefined {
    const { exploration: share } = this.#options.routing.policy;
    return share === 0 || dryRun ? undefined : { random: fourDecimals(this.#tools.random()), share };
  }

  /** Every candidate, in the order of the configuration; those of the chosen model as they were compared. */
  #rows({ evidence }: GatheredEvidence, choice: Choice, decision: Decision): DecisionCandidate[] {
    const scores = new Map(choice.scores.map((score) => [score.model, score]));
    const costs = new Map(evidence.models.map(({ model, costUsd }) => [model, costUsd]));
    return this.#targets.rows(decision.candidates).map((row) => {
      const score = scores.get(row.model);
      const reason = row.reason === "" ? excludedWords(score?.excluded ?? "") : row.reason;
      const costUsd = costs.get(row.model);
      return {
        ...row,
        reason,
        ...(score !== undefined && { quality: score.quality, utility: score.utility }),
        ...(costUsd !== undefined && { costUsd }),
      };
    });
  }
}

/**
 * What no model can answer is not sent to one. Where it is only unlikely that one can, or none is healthy, it is tried.
 * @throws GatewayError invalid_request
 */
function refuseUnanswerable(evidence: ChoiceEvidence): void {
  const nothing = nothingFits(evidence);
  if (nothing === undefined || !nothing.refuses) return;
  const words = nothing.words.charAt(0).toUpperCase() + nothing.words.slice(1);
  throw new GatewayError("invalid_request", { message: `${words}.` });
}

/** Those that nothing speaks against; of a model that is tried all the same, all. */
function rowsOf(
  model: string,
  { rows }: GatheredEvidence,
  { models }: CompiledRouting,
): readonly RoutingRow[] {
  const open = rows.get(model) ?? [];
  return open.length > 0 ? open : (models.find((one) => one.model === model)?.rows ?? []);
}

/** Of a request of which nobody tells more. */
function bareFacts({ requestedModel, promptTokens, consumer }: Selectable): RequestFacts {
  return {
    requestedModel,
    question: "",
    inToolLoop: false,
    turns: 1,
    conversation: undefined,
    continues: false,
    input: ["text"],
    output: [],
    promptTokens,
    maxOutputTokens: undefined,
    needsTools: false,
    needsJsonSchema: false,
    consumer,
    header: () => undefined,
    metadata: () => undefined,
    mayUse: () => true,
  };
}
