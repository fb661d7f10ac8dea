// What the kinds of classifiers have in common for whoever asks them: one text, probabilities of domains, failures by their
// class alone.
import { AskFailed } from "../../upstream/collect-answer.ts";
import { ChatRefused } from "../ask-chat.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import type { ClassifierFailure, DomainProbability } from "../classifier.ts";

export interface AskTools {
  /** Undefined: it needs none, or there is none of that name. */
  readonly service: ServiceRuntime | undefined;
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
}

export interface DomainAsker {
  /** Asked only where the engine is not sure. */
  readonly whereUnsure: boolean;
  /** What is missing before anything can be asked. May begin to get it, without anybody waiting for it. */
  notReady?(tools: Omit<AskTools, "signal">): boolean;
  /** @throws ClassifierFailed, AskFailed */
  ask(text: string, tools: AskTools): Promise<readonly DomainProbability[]>;
}

/** The message is the class of failure: never an address, a key or content. */
export class ClassifierFailed extends Error {
  readonly failure: ClassifierFailure;

  constructor(failure: ClassifierFailure) {
    super(failure);
    this.name = "ClassifierFailed";
    this.failure = failure;
  }
}

export function failureOf(error: unknown): ClassifierFailure {
  const isKnown =
    error instanceof ClassifierFailed || error instanceof AskFailed || error instanceof ChatRefused;
  return isKnown ? error.failure : "internal";
}

/** What a text may provoke says nothing of whom was asked. */
const ofTheText: ReadonlySet<ClassifierFailure> = new Set([
  "left",
  "busy",
  "not-ready",
  "word-not-known",
  "status-400",
  "status-413",
  "status-422",
]);

export function isOfTheText(failure: ClassifierFailure): boolean {
  return ofTheText.has(failure);
}

/** The text of a good answer. @throws ClassifierFailed */
export function goodBody({ status, body }: { readonly status: number; readonly body: string }): string {
  if (status < 200 || status > 299) throw new ClassifierFailed(`status-${status}`);
  return body;
}
