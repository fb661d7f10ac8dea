// Sends a message to a webhook, and says when to try again. Knows no alert and no metric; must never say more of a failure
// than its class.
import { codeOf, failureWords } from "../../lib/failure-words.ts";
import type { Post } from "../../lib/guarded-post.ts";

export interface Posted {
  readonly ok: boolean;
  /** 0 = no answer came. */
  readonly status: number;
  readonly message: string;
}

const timeoutMs = 10_000;
const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;
/** About an hour. */
export const maxTries = 16;

/** The pause before try number `tries` + 1. */
export function pauseMs(tries: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
}

/** Sends a body once; never throws. */
export async function postOnce(
  post: Post,
  message: {
    readonly url: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  ended: AbortSignal,
): Promise<Posted> {
  const { url, body, headers } = message;
  try {
    const { status } = await post({
      url,
      headers,
      body: Buffer.from(body, "utf8"),
      signal: AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]),
    });
    const ok = status >= 200 && status < 300;
    return { ok, status, message: ok ? "The webhook took it." : `The webhook answered ${status}.` };
  } catch (error) {
    return { ok: false, status: 0, message: failureText(error) };
  }
}

/** Of an error its code alone: its text may hold what the other side sent. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return "The connection failed.";
  return error.name === "TimeoutError" ? "No answer within 10 seconds." : failureWords(codeOf(error));
}
