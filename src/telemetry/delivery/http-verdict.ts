// What an HTTP answer to a delivery means. Knows no receiver.
import type { PostAnswer } from "../../lib/guarded-post.ts";
import { shortText } from "../../lib/short-text.ts";
import type { Delivered } from "./receiver.ts";

/** Worth another try whatever was sent. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);
/** About what was sent. Every other status is about how it was sent: credentials, address, method. */
const aboutTheBatch: ReadonlySet<number> = new Set([400, 413, 422]);
const maxRetryAfterMs = 3_600_000;
const maxShown = 300;

/** @param wallMs for a Retry-After that names a moment */
export function verdictOf(answer: PostAnswer, wallMs: number): Delivered {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: "taken", rejected: 0, message: "" };
  const message = messageOf(answer);
  if (passing.has(status) || status >= 500)
    return { kind: "later", message, afterMs: retryAfterMs(answer.headers["retry-after"], wallMs) };
  return { kind: aboutTheBatch.has(status) ? "unfit" : "refused", message };
}

function messageOf({ status, text }: PostAnswer): string {
  if (status >= 300 && status < 400) return `The receiver answered ${status}: redirects are not followed.`;
  const said = shortText(text.replaceAll(/\s+/gu, " ").trim(), maxShown);
  return `The receiver answered ${status}${said === "" ? "." : `: ${said}`}`;
}

function retryAfterMs(header: string | undefined, wallMs: number): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - wallMs;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, seconds), maxRetryAfterMs);
}
