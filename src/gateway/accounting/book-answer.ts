// Writes down what an answer consumed when it has ended, in whatever way: what the service said, and where it said
// nothing what an estimate needs. Knows no wire format.
import type { AttemptOutcome } from "../../core/exchange-record.ts";
import type { HeldBody } from "../answer/held-body.ts";
import type { SseRelay } from "../answer/sse-relay.ts";
import type { UsageTail } from "../answer/usage-tail.ts";
import type { Exchange, OpenAttempt } from "../exchange.ts";
import { countsTokens } from "./counted-kinds.ts";
import type { Beginning } from "./token-ask.ts";

/** What there is of an answer when it ends. */
export interface CameOfAnswer {
  readonly relay: SseRelay | null;
  readonly tail: UsageTail | null;
  /** A body that was held, as far as it came. */
  readonly held: HeldBody;
  /** The request was on its way on an open connection. */
  readonly sent: boolean;
}

/** Of a whole body at most so much is looked at. */
const maxBodyBytes = 64 * 1024;

/** Endings after which the service has done what it bills. */
const taken: ReadonlySet<AttemptOutcome> = new Set(["ok", "truncated", "client_closed"]);

export function bookAnswer(exchange: Exchange, attempt: OpenAttempt, came: CameOfAnswer): void {
  const reader = came.relay?.reader;
  exchange.usage ??= reader?.usage ?? null;
  exchange.outputPending = reader?.outputPending === true;
  exchange.taken = came.sent && taken.has(attempt.outcome) && attempt.status < 400;
  const untold = !exchange.unfinished && (exchange.usage === null || exchange.outputPending);
  if (exchange.taken && untold && countsTokens(exchange)) exchange.said = saidIn(came);
  came.relay?.sample.release();
}

function saidIn({ relay, tail, held }: CameOfAnswer): Beginning {
  if (relay !== null) return { bytes: relay.sample.beginning(), total: relay.sample.total };
  if (tail !== null) return { bytes: tail.bytes, total: tail.total };
  const { whole } = held;
  return { bytes: whole.subarray(0, maxBodyBytes), total: whole.length };
}
