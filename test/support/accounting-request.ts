// What a request is whose consumption is looked at, and the words that such requests share. Must not know sockets.
import type { Units } from "../../src/core/usage.ts";
import type { HeaderLine } from "./http-message.ts";
import { formBoundary } from "./route-sample.ts";

export const model = "counted-model";
export const words =
  "Tell me in plain words how a gateway counts what its models read and write, please. ".repeat(6);
export const messages = [
  { role: "system", content: "You are a patient teacher." },
  { role: "user", content: words },
];

export const formType: HeaderLine = ["Content-Type", `multipart/form-data; boundary="${formBoundary}"`];
export const anthropicHeaders: readonly HeaderLine[] = [["anthropic-version", "2023-06-01"]];

/** Of requests that are answered whole and not in words. */
export const plain = { writes: false, stream: false } as const;

/**
 * When a service says what it consumed: at the end; what it read at the beginning and the rest at the end; with every
 * piece; never, though it has read tokens; in units that are no tokens, or not at all.
 */
export type Tells = "at the end" | "input first" | "all along" | "never" | "no tokens";

export interface CountedRequest {
  readonly name: string;
  readonly useCase: string;
  readonly protocol: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly HeaderLine[];
  /** `{file}` stands for a file that the service has. */
  readonly body: string | Buffer;
  readonly stream: boolean;
  /** Its answer goes on as it comes, though it is no stream. */
  readonly passes?: boolean;
  readonly tells: Tells;
  /** The model writes text. */
  readonly writes: boolean;
  /** What a complete answer has consumed besides tokens. */
  readonly units?: Units;
  /** What is taken to have been consumed when nothing was told. */
  readonly ordered?: Units;
  /** Of a complete answer nothing is told in tokens, and what was ordered is all that is known. */
  readonly onlyOrdered?: boolean;
  /** Tokens of what is no text, which no estimate can know. */
  readonly unseen?: number;
  /** The model reads text though it is not billed by it: where nothing is told its text is counted. */
  readonly readsText?: boolean;
}
