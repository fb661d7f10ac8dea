// Reads Retry-After in both its forms (RFC 9110, 10.2.3). Pure.

/**
 * @param value header value: seconds or an HTTP date; "" when absent
 * @param wallMs milliseconds since 1970 to count a date from
 * @returns milliseconds to wait, never negative; undefined when absent or unreadable
 */
export function retryAfterMs(value: string, wallMs: number): number | undefined {
  const text = value.trim();
  if (text === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallMs);
}
