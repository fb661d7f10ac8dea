// How the admin API has a text judged by the checks of a Model API: what the data plane offers, in plain data.
import type { Moderation } from "../../resources/moderation.ts";

export interface ModerationQuestion {
  readonly api: string;
  readonly text: string;
  readonly direction: "request" | "response";
  /** "" = nobody is known. */
  readonly consumer: string;
}

/** Judges a text as the data plane would; only what the checks ask is sent. Ends early when whoever asked has left. */
export type ModerationPort = (
  moderation: Moderation,
  question: ModerationQuestion,
  left: AbortSignal,
) => Promise<object>;
