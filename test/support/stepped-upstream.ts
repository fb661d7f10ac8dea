// A service that takes its answer as far as a test wants, and then stands still or breaks. Must not know the gateway.
import type { AnswerScript } from "./answer-scripts.ts";
import { chunk } from "./raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./raw-upstream.ts";

/** How far an answer gets, in order. */
export const steps = ["request", "head", "noise", "first", "more", "end"] as const;
export type Step = (typeof steps)[number];

export interface SteppedUpstream extends RawUpstream {
  /** Until the next call requests are answered by this script, up to and with this step; `after`: what happens then. */
  play(script: AnswerScript, upTo: Step, after?: "wait" | "close"): void;
  /** Resolves with the count of requests once the answer to one more has been written. */
  written(): Promise<void>;
}

/** Bytes of a script up to and with a step, without framing. */
export function bodyUpTo(script: AnswerScript, upTo: Step): string {
  const reached = steps.indexOf(upTo);
  const parts = [script.noise, script.first, script.more, script.end];
  return parts.filter((_, index) => index + 2 <= reached).join("");
}

export async function startSteppedUpstream(): Promise<SteppedUpstream> {
  let played: { script: AnswerScript; upTo: Step; after: "wait" | "close" } | undefined;
  let written = Promise.withResolvers<void>();
  const upstream = await startRawUpstream({
    onRequest: ({ connection: { socket } }) => {
      if (played === undefined) throw new Error("nothing to play");
      const { script, upTo, after } = played;
      const body = Buffer.from(bodyUpTo(script, upTo), "latin1");
      const isWhole = upTo === "end";
      const head = `HTTP/1.1 200 OK\r\ncontent-type: ${script.contentType}\r\ntransfer-encoding: chunked\r\n\r\n`;
      const bytes =
        upTo === "request" ? Buffer.alloc(0) : Buffer.concat([Buffer.from(head), chunk(body, isWhole)]);
      socket.write(bytes, () => {
        if (after === "close") socket.end();
        written.resolve();
        written = Promise.withResolvers();
      });
    },
  });
  return {
    ...upstream,
    play: (script, upTo, after = "wait") => {
      played = { script, upTo, after };
    },
    written: () => written.promise,
  };
}
