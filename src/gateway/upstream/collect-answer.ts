// Sends one request of the gateway's own and keeps the whole answer, within a time and a size. Past the same connector as
// every request; never follows a redirect. Knows not who asks what.
import type { Upstream, UpstreamRequest } from "./upstream.ts";

/** Why no whole answer came. `no-key`, `busy` and `not-offered` say that nothing was sent. */
export type AskFailure =
  | "timeout"
  | "unreachable"
  | "broken"
  | "too-large"
  | "left"
  | "credentials"
  | "no-key"
  | "busy"
  | "not-offered";

/** The message is the class of failure: never an address, a key or content. */
export class AskFailed extends Error {
  readonly failure: AskFailure;

  constructor(failure: AskFailure) {
    super(failure);
    this.name = "AskFailed";
    this.failure = failure;
  }
}

export interface CollectOptions {
  /** For everything, connecting included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Whoever waits for the answer has left. */
  readonly signal: AbortSignal;
}

export interface Collected {
  readonly status: number;
  readonly body: string;
}

/** A connection that its peer closed just when it was used again is mended once: who asks, asks nothing that acts. */
export async function collectAnswer(
  upstream: Upstream,
  request: UpstreamRequest,
  options: CollectOptions,
): Promise<Collected> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const first = await collect(upstream, request, options, deadline);
  if (first !== staleConnection) return first;
  const again = { ...request, headers: [...request.headers], freshConnection: true };
  const second = await collect(upstream, again, options, deadline);
  if (second === staleConnection) throw new AskFailed("broken");
  return second;
}

const staleConnection = Symbol("a connection that had been used before was closed");

function collect(
  upstream: Upstream,
  request: UpstreamRequest,
  { maxBytes, signal }: CollectOptions,
  deadline: AbortSignal,
): Promise<Collected | typeof staleConnection> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new AskFailed("left"));
    const pieces: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    const over = (): void => {
      signal.removeEventListener("abort", leave);
      deadline.removeEventListener("abort", expire);
    };
    const fail = (failure: AskFailure): void => {
      over();
      reject(new AskFailed(failure));
    };
    const call = upstream.send(request, {
      onHead(given) {
        status = given;
      },
      onData(piece) {
        bytes += piece.length;
        if (bytes <= maxBytes) pieces.push(piece);
        else {
          call.abort();
          fail("too-large");
        }
        return true;
      },
      onEnd() {
        over();
        resolve({ status, body: Buffer.concat(pieces).toString() });
      },
      onFailure({ kind, reusedConnection }) {
        if (!reusedConnection || status !== 0 || request.freshConnection) return fail(kind);
        over();
        resolve(staleConnection);
      },
    });
    const stop = (failure: AskFailure): void => {
      call.abort();
      fail(failure);
    };
    const leave = (): void => stop("left");
    const expire = (): void => stop("timeout");
    signal.addEventListener("abort", leave, { once: true });
    if (deadline.aborted) expire();
    else deadline.addEventListener("abort", expire, { once: true });
  });
}
