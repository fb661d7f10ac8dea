// What the decision looks at in a request. Knows no protocol: whoever reads a request fills it in.
import type { Modality } from "../core/known-model.ts";

export interface RequestFacts {
  /** Model name that the client wrote; undefined: none. */
  readonly requestedModel: string | undefined;
  /** Words of the client when it last had the word; in a loop of tools those that began it. Empty: nothing in words. */
  readonly question: string;
  /** Whether the last message brings results of tools: the middle of a loop that one model began. */
  readonly inToolLoop: boolean;
  /** Questions of the client so far, this one included. */
  readonly turns: number;
  /** What tells the conversation from all others, made of who calls and how it began; undefined: nothing does. */
  readonly conversation: string | undefined;
  /** Whether there may have been answers before: the client names the conversation, or it is not at its first question. */
  readonly continues: boolean;
  /** What the messages hold. */
  readonly input: readonly Modality[];
  /** What the answer is asked to be. */
  readonly output: readonly Modality[];
  /** Estimate of the whole request. */
  readonly promptTokens: number;
  /** Bound of the answer that the client set; undefined: none. */
  readonly maxOutputTokens: number | undefined;
  readonly needsTools: boolean;
  readonly needsJsonSchema: boolean;
  readonly consumer: string;
  /** Lower-case name; undefined: the request has none. */
  readonly header: (name: string) => string | undefined;
  /** Member of the request's `metadata`, as text. */
  readonly metadata: (key: string) => string | undefined;
  /** Whether the consumer may use the model. */
  readonly mayUse: (model: string) => boolean;
}
