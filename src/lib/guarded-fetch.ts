// The fetch of a library, past the address guard: bounded in time and bytes, follows no redirect. Must not know what is
// fetched.
import { Agent, request } from "undici";
import type { AllowedNetworks } from "./address-guard.ts";
import { guardedConnector } from "./guarded-connector.ts";

export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** @throws what the connection fails with, or an error that says that the answer is too long or late */
export type GuardedFetch = (url: string, request: FetchRequest) => Promise<Response>;

export interface Fetcher {
  readonly fetch: GuardedFetch;
  close(): Promise<void>;
}

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

export function guardedFetcher(networks: AllowedNetworks): Fetcher {
  const agent = new Agent({
    connect: guardedConnector(networks, timeoutMs),
    // Asked for seldom: no connection is kept.
    pipelining: 0,
    // One deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    fetch: async (url, { method, headers, body }) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await request(url, { method, headers, body: body ?? null, signal, dispatcher: agent });
      const bytes = await bodyOf(answer.body);
      return new Response(hasNoBody(answer.statusCode) ? null : bytes, {
        status: answer.statusCode,
        headers: Object.entries(answer.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((text): [string, string] => [name, text]),
        ),
      });
    },
    close: () => agent.destroy(),
  };
}

async function bodyOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<Buffer<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    // Leaving the loop lets go of the body with its connection.
    if (bytes > maxBytes) throw new Error(`answered with more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
