// Gets a document past the address guard. Follows no redirect, tries nothing twice, reads no more than its bound.
// Must not know what the document is.
import { Agent, request } from "undici";
import type { AllowedNetworks } from "./address-guard.ts";
import { guardedConnector } from "./guarded-connector.ts";

export interface GetRequest {
  readonly url: string;
  /** For everything together. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** What is taken; JSON unless it says otherwise. */
  readonly accept?: string;
  /** Whoever waits for it may leave. */
  readonly signal?: AbortSignal;
}

export interface Got {
  /** Content type as it was told; "" = none. */
  readonly type: string;
  readonly body: Buffer;
}

/** @throws what the connection fails with, or an error that says what of the answer could not be used */
export type Get = (request: GetRequest) => Promise<Buffer>;

export interface Getter {
  readonly get: Get;
  /** The same with the content type. */
  readonly getTyped: (request: GetRequest) => Promise<Got>;
  close(): Promise<void>;
}

/** What was answered is of no use. */
export class UnusableAnswer extends Error {}

export function guardedGetter(networks: AllowedNetworks): Getter {
  let agent: Agent | undefined;
  const agentFor = (timeoutMs: number): Agent =>
    (agent ??= new Agent({
      connect: guardedConnector(networks, timeoutMs),
      // Asked for seldom: no connection is kept.
      pipelining: 0,
      // The caller has one deadline for everything.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    }));
  const getTyped = async (asked: GetRequest): Promise<Got> => {
    const { url, timeoutMs, maxBytes, accept = "application/json", signal } = asked;
    const deadline = AbortSignal.timeout(timeoutMs);
    const answer = await request(url, {
      headers: { accept },
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      dispatcher: agentFor(timeoutMs),
    });
    // A body that nobody reads is let go of with its connection.
    const giveUp = (message: string): UnusableAnswer => {
      answer.body.on("error", () => undefined).destroy();
      return new UnusableAnswer(message);
    };
    if (answer.statusCode !== 200) throw giveUp(`answered with status ${answer.statusCode}`);
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw giveUp(`answered with more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
    const type = answer.headers["content-type"];
    return { type: typeof type === "string" ? type : "", body: Buffer.concat(pieces, bytes) };
  };
  return {
    get: async (asked) => (await getTyped(asked)).body,
    getTyped,
    close: async () => agent?.destroy(),
  };
}
