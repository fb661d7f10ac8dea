// Reads and writes the header `traceparent` of W3C Trace Context, level 1, and draws span ids. Knows no request.
import { randomFillSync } from "node:crypto";

/** What a `traceparent` says. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Span of the sender, 16 hex digits. */
  readonly spanId: string;
  /** The sender keeps this trace. */
  readonly sampled: boolean;
}

/** A request in its trace. */
export interface Trace {
  readonly traceId: string;
  /** Our own span; empty where no traces are wanted. */
  readonly spanId: string;
  /** The one that the sender named; empty without one. */
  readonly parentSpanId: string;
  readonly sampled: boolean;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const zeros = /^0+$/;
const sampledFlag = 0x01;

/** Undefined for one that is malformed, repeated, of version ff, or of all zeros: it is then as if there were none. */
export function readTraceParent(header: string): TraceParent | undefined {
  const [, version, traceId = "", spanId = "", flags = "", rest] = pattern.exec(header) ?? [];
  if (version === undefined || version === "ff" || zeros.test(traceId) || zeros.test(spanId))
    return undefined;
  // Only a later version may say more.
  if (version === "00" && rest !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & sampledFlag) !== 0 };
}

/** Of the flags of a sender none but this one is known, so no other goes on. */
export function writeTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** Hex digits of the trace id that are drawn by chance in every way to make one. */
const chanceFrom = 18;
const chanceDigits = 13;

/**
 * Whether a trace is among those that are kept: the same for every one who asks, as it follows from the id alone.
 * @param ratio 0 to 1
 */
export function isKept(traceId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  const chance = Number.parseInt(traceId.slice(chanceFrom, chanceFrom + chanceDigits), 16);
  return chance / 16 ** chanceDigits < ratio;
}

const spanBytes = 8;
/** Drawn at once: a call for random bytes costs many times what the bytes do. */
const pool = Buffer.alloc(512 * spanBytes);
let used = pool.length;

/** 16 hex digits, never all zero. */
export function newSpanId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString("hex", used, used + spanBytes);
  used += spanBytes;
  return zeros.test(id) ? newSpanId() : id;
}
