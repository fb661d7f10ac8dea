// Asks a classifier within its time and never twice for the same text: answers are kept for a while, one flight serves all
// who wait for it, and whoever leaves ends only his own wait. Knows not how it is asked.
import { createHash } from "node:crypto";
import type { Clock } from "../../../core/clock.ts";
import { sureFrom } from "../../../routing/domains/domain-classifier.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import type { Classified, ClassifierQuestion, DomainProbability, PromptClassifier } from "../classifier.ts";
import { ClassifierGate } from "./classifier-gate.ts";
import { ClassifierFailed, failureOf, isOfTheText, type DomainAsker } from "./domain-asker.ts";

/** Of a text, in UTF-16 code units: of a longer one its beginning and its end. */
const maxCharacters = 6_000;
const maxKept = 1_000;
const keptMs = 10 * 60_000;
const maxDomains = 3;

interface Flight {
  readonly answer: Promise<readonly DomainProbability[]>;
  readonly everybodyLeft: AbortController;
  waiting: number;
}

interface Kept {
  readonly domains: readonly DomainProbability[];
  readonly untilMs: number;
}

export interface ClassifierTools {
  readonly upstream: Upstream;
  readonly clock: Pick<Clock, "monotonicMs">;
}

export class RunningClassifier implements PromptClassifier {
  /** The newest of its name. */
  service: ServiceRuntime | undefined;
  readonly #asker: DomainAsker;
  readonly #timeoutMs: number;
  readonly #tools: ClassifierTools;
  readonly #gate: ClassifierGate;
  readonly #flights = new Map<string, Flight>();
  /** Oldest use first. */
  readonly #kept = new Map<string, Kept>();

  constructor(asker: DomainAsker, timeoutMs: number, tools: ClassifierTools) {
    this.#asker = asker;
    this.#timeoutMs = timeoutMs;
    this.#tools = tools;
    this.#gate = new ClassifierGate(tools.clock);
  }

  async classify({ text, engine, signal }: ClassifierQuestion): Promise<Classified> {
    const isSure = (engine[0]?.probability ?? 0) >= sureFrom;
    if (text.trim() === "" || (this.#asker.whereUnsure && isSure)) return { by: "engine", failure: "" };
    const read = beginningAndEnd(text);
    const key = createHash("sha256").update(read).digest("base64");
    const kept = this.#keptOf(key);
    if (kept !== undefined) return { by: "classifier", domains: kept };
    try {
      const { upstream } = this.#tools;
      if (this.#asker.notReady?.({ service: this.service, upstream }) === true)
        throw new ClassifierFailed("not-ready");
      return { by: "classifier", domains: await this.#join(key, read, signal) };
    } catch (error) {
      return { by: "engine", failure: failureOf(error) };
    }
  }

  #keptOf(key: string): readonly DomainProbability[] | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.untilMs <= this.#tools.clock.monotonicMs()) return undefined;
    this.#kept.set(key, kept);
    return kept.domains;
  }

  #keep(key: string, domains: readonly DomainProbability[]): void {
    this.#kept.delete(key);
    this.#kept.set(key, { domains, untilMs: this.#tools.clock.monotonicMs() + keptMs });
    if (this.#kept.size <= maxKept) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  async #join(key: string, text: string, signal: AbortSignal): Promise<readonly DomainProbability[]> {
    if (signal.aborted) throw new ClassifierFailed("left");
    const flight = this.#flights.get(key) ?? this.#start(key, text);
    flight.waiting += 1;
    try {
      return await orAbort(flight.answer, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        this.#land(key, flight);
        flight.everybodyLeft.abort();
      }
    }
  }

  #start(key: string, text: string): Flight {
    const refusal = this.#gate.enter();
    if (refusal !== undefined) throw new ClassifierFailed(refusal);
    const everybodyLeft = new AbortController();
    const answer = this.#ask(key, text, everybodyLeft.signal);
    const flight = { answer, everybodyLeft, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  /** Nobody else gets on board. */
  #land(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  async #ask(key: string, text: string, left: AbortSignal): Promise<readonly DomainProbability[]> {
    const deadline = AbortSignal.timeout(this.#timeoutMs);
    const signal = AbortSignal.any([left, deadline]);
    let outcome: Parameters<ClassifierGate["leave"]>[0] = "neither";
    try {
      const { service } = this;
      const { upstream } = this.#tools;
      const domains = await orAbort(this.#asker.ask(text, { service, upstream, signal }), signal);
      outcome = "worked";
      const best = likeliest(domains);
      this.#keep(key, best);
      return best;
    } catch (error) {
      const failure = deadline.aborted ? "timeout" : failureOf(error);
      if (!left.aborted && !isOfTheText(failure)) outcome = "failed";
      throw new ClassifierFailed(failure);
    } finally {
      this.#gate.leave(outcome);
    }
  }
}

/** What is asked may take longer to notice that nobody waits any more than whoever waits. */
async function orAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new ClassifierFailed("left"));
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function likeliest(domains: readonly DomainProbability[]): readonly DomainProbability[] {
  return domains
    .toSorted((left, right) => right.probability - left.probability || (left.name < right.name ? -1 : 1))
    .slice(0, maxDomains);
}

function beginningAndEnd(text: string): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters / 2)}\n${text.slice(-maxCharacters / 2)}`.toWellFormed();
}
