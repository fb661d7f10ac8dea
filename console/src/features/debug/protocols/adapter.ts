// What the panel must know of a protocol to talk in it: how to ask, and how to read what comes. Types alone.
import type { Piece } from "../answer.ts";
import type { JsonObject } from "../json.ts";

/** One message of a conversation. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** What is asked, in no protocol's words; what is undefined is not sent. */
export interface Prompt {
  readonly model: string;
  readonly stream: boolean;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly maxTokens: number | undefined;
  readonly topP: number | undefined;
  readonly temperature: number | undefined;
}

export interface Adapter {
  /** Path below the base path; the route's own unless the protocol puts the model there. */
  readonly path?: (prompt: Pick<Prompt, "model" | "stream">) => string;
  /** Headers beside the content type. */
  readonly headers?: (prompt: Pick<Prompt, "stream">) => Readonly<Record<string, string>>;
  readonly body: (prompt: Prompt) => JsonObject;
  /** What one frame of a stream adds. */
  readonly frame: (event: string, data: unknown) => readonly Piece[];
  /** What a plain answer holds. */
  readonly answer: (body: unknown) => readonly Piece[];
}

/** A key and its value; none where the value is undefined. */
export function given(key: string, value: unknown): JsonObject {
  return value === undefined || value === "" ? {} : { [key]: value };
}

/** Pieces of the kinds whose text is not empty. */
export function spoken(kind: "text" | "reasoning" | "refusal", text: string): readonly Piece[] {
  return text === "" ? [] : [{ kind, text }];
}

/** Counts that are numbers. */
export function counted(
  counts: Readonly<Record<"input" | "output" | "cached" | "reasoning", number | null>>,
) {
  const usage = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null));
  return Object.keys(usage).length === 0 ? [] : [{ kind: "usage" as const, usage }];
}
