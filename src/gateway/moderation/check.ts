// What a check of content is: the seam between those who look at texts and images and those who decide what follows.
import type { moderationDimensions } from "../../resources/moderation.ts";

export type ModerationDimension = (typeof moderationDimensions)[number];
export type Risk = "low" | "medium" | "high";
export type Direction = "request" | "response";

/** One thing that a check has found. */
export interface Find {
  readonly dimension: ModerationDimension;
  readonly risk: Risk;
  /** Kind of what was found; never the text itself. */
  readonly label: string;
  /** Where it stands in the text, in UTF-16 code units; the whole text where the check does not say. */
  readonly start: number;
  readonly end: number;
}

/** Who asks and of what. */
export interface CheckQuestion {
  readonly direction: Direction;
  /** Name of the Model API. */
  readonly api: string;
  readonly consumer: string;
  readonly requestId: string;
  /** Ends with the client's leaving and with the time that the check may take. */
  readonly signal: AbortSignal;
}

export interface CheckedImage {
  /** As the client gave it: an http(s) URL, or the bytes. */
  readonly url?: string;
  readonly bytes?: Buffer;
  readonly mediaType?: string;
}

/** Thrown by a check that could not judge. The message is a class of failure for records, never content or a secret. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CheckFailed";
  }
}

/** One check, made once per plan and asked for every piece. Has no state of an exchange. */
export interface ModerationCheck {
  readonly name: string;
  readonly on: readonly Direction[];
  readonly action: "block" | "mask";
  /**
   * A find may begin so many UTF-16 code units before the end of a piece and end after it: so much is held back and
   * looked at again with what follows. 0 for a check that judges pieces as wholes.
   */
  readonly reach: number;
  /**
   * Of a text that goes on: how many code units at its end may still become part of a find, given what stands there. At
   * most `reach`; absent: `reach`.
   */
  open?(text: string): number;
  /** Judges by asking somebody: pieces are collected before it is asked. */
  readonly remote: boolean;
  /** Up to `reach` limited, a find does not depend on how a text was cut. @throws CheckFailed */
  text(text: string, question: CheckQuestion): readonly Find[] | Promise<readonly Find[]>;
  /** Absent: it cannot judge images. @throws CheckFailed */
  image?(image: CheckedImage, question: CheckQuestion): Promise<readonly Find[]>;
}
