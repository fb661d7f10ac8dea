// Sends one small request to a service and keeps its answer, within a deadline and a size. Past the same connector and
// client as every request; never follows a redirect, never tries again.
import type { Clock } from "../../core/clock.ts";
import { failureWords } from "../../lib/failure-words.ts";
import type { Upstream, UpstreamRequest } from "../upstream/upstream.ts";
import { StepFailed } from "./report.ts";

export interface AskOptions {
  readonly upstream: Upstream;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly deadlineMs: number;
  readonly left: AbortSignal;
  readonly maxBytes: number;
}

export interface Asked {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The answer was larger than was kept. */
  readonly cut: boolean;
  /** From sending to the first byte of the body, or the end of an answer without one. */
  readonly firstByteMs: number;
}

/** @throws StepFailed when no whole answer comes in time */
export function ask(request: UpstreamRequest, options: AskOptions): Promise<Asked> {
  const { upstream, clock, deadlineMs, left, maxBytes } = options;
  const startedMs = clock.monotonicMs();
  const pieces: Buffer[] = [];
  let bytes = 0;
  let status = 0;
  let contentType = "";
  let firstByteMs: number | null = null;
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      left.removeEventListener("abort", leave);
      end();
    };
    const fail = (message: string): void => settle(() => reject(new StepFailed(message)));
    const finish = (cut: boolean): void =>
      settle(() => {
        const body = Buffer.concat(pieces).toString();
        resolve({
          status,
          contentType,
          body,
          cut,
          firstByteMs: firstByteMs ?? clock.monotonicMs() - startedMs,
        });
      });
    const call = upstream.send(request, {
      onHead(given, headers) {
        status = given;
        contentType = headerOf(headers, "content-type");
      },
      onData(piece) {
        firstByteMs ??= clock.monotonicMs() - startedMs;
        bytes += piece.length;
        if (bytes <= maxBytes) pieces.push(piece);
        else {
          call.abort();
          finish(true);
        }
        return true;
      },
      onEnd: () => finish(false),
      onFailure: ({ detail }) => fail(failureWords(detail)),
    });
    const leave = (): void => {
      call.abort();
      fail("Stopped: whoever asked has left.");
    };
    const timer = setTimeout(() => {
      call.abort();
      const until = status === 0 ? "no answer" : "no complete answer";
      fail(`There was ${until} within ${deadlineMs / 1_000} s.`);
    }, deadlineMs);
    if (left.aborted) leave();
    else left.addEventListener("abort", leave, { once: true });
  });
}

function headerOf(headers: readonly Buffer[], name: string): string {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toString("latin1").toLowerCase() === name)
      return headers[index + 1]?.toString("latin1") ?? "";
  }
  return "";
}
