// Posts a body past the address guard and reads the beginning of the answer. Follows no redirect, tries nothing twice.
// Must not know who posts what: sinks and webhooks.
import { Agent, request } from "undici";
import type { AllowedNetworks } from "./address-guard.ts";
import { guardedConnector } from "./guarded-connector.ts";

export interface PostRequest {
  readonly url: string;
  /** Names in lower case. `host` may differ from the host of the URL. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Ends the request: its caller's deadline. */
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  /** Names in lower case; of several values the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the body. */
  readonly text: string;
}

/** @throws what the connection fails with, or the signal's reason */
export type Post = (request: PostRequest) => Promise<PostAnswer>;

export interface Poster {
  readonly post: Post;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
/** Of an answer; the rest is not read. */
const maxAnswerBytes = 64 * 1024;

export function guardedPoster(networks: AllowedNetworks): Poster {
  const agent = new Agent({
    connect: guardedConnector(networks, connectTimeoutMs),
    pipelining: 1,
    // The caller has one deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    post: async ({ url, headers, body, signal }) => {
      const answer = await request(url, { method: "POST", headers, body, signal, dispatcher: agent });
      const text = await beginningOf(answer.body);
      return { status: answer.statusCode, headers: firstValues(answer.headers), text };
    },
    close: () => agent.destroy(),
  };
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= maxAnswerBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxAnswerBytes).toString("utf8");
}

function firstValues(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );
}
