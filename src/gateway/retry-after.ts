// How long a service asks to be left alone: Retry-After in both its forms (RFC 9110, 10.2.3). Pure.
import type { KeptAnswer } from "./failure.ts";

/** All three forms begin with a day and hold a time; that of asctime names no zone, and is UTC like the others (RFC 9110, 5.6.7). */
const datePattern = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i;

/**
 * @param value header value: seconds or an HTTP date; "" when absent
 * @param wallMs milliseconds since 1970 to count a date from
 * @returns milliseconds to wait, never negative; undefined when absent or unreadable
 */
export function retryAfterMs(value: string, wallMs: number): number | undefined {
  const text = value.trim();
  if (text === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const zoned = / \d{4}$/.test(text) ? `${text} GMT` : text;
  const dateMs = datePattern.test(text) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - wallMs);
}

/** @returns milliseconds to wait; undefined when the answer asks for nothing */
export function askedPauseMs(answer: KeptAnswer | undefined, wallMs: number): number | undefined {
  return answer === undefined ? undefined : retryAfterMs(answer.head.retryAfter, wallMs);
}
