// Times as text. Busy threads write the same millisecond many times, so the last one is remembered.

let lastMs = Number.NaN;
let lastText = "";

/** @param wallMs milliseconds since 1970; @returns ISO 8601, UTC, with milliseconds */
export function isoTime(wallMs: number): string {
  if (wallMs !== lastMs) {
    lastText = new Date(wallMs).toISOString();
    lastMs = wallMs;
  }
  return lastText;
}
