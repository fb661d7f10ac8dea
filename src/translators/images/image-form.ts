// The middle form of images: what is to be drawn or changed, and what was made. Must not know any protocol.
import type { JsonObject } from "../../lib/json-value.ts";
import type { ReportedError } from "../../protocols/wire.ts";

export interface ImageAsk {
  readonly prompt: string;
  /** Images that are to be changed, as http(s) or data URLs; empty: one is to be made. */
  readonly sources: readonly string[];
  /** As it came; undefined: unsaid. */
  readonly count: unknown;
  /** Undefined: unsaid, or left to the service. */
  readonly size: { readonly width: string; readonly height: string } | undefined;
  /** The client wants the bytes, not an address. */
  readonly base64: boolean;
  readonly others: JsonObject;
}

/** One that was made: its address, or its bytes. */
export interface MadeImage {
  readonly url?: string;
  readonly base64?: string;
  /** The prompt as the service made it its own. */
  readonly prompt?: string;
}

export interface ImageAnswer {
  readonly images: readonly MadeImage[];
}

/** @param problem of an image that was not made, when there is one */
export function imageAnswer(
  images: readonly MadeImage[],
  problem: ReportedError | undefined,
): ImageAnswer | ReportedError {
  if (images.length > 0) return { images };
  return problem ?? { status: 502, message: "The model service answered without any image." };
}
