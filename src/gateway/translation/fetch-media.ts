// Fetches what a client names by URL for a service that takes bytes only. The client chooses the address: it is reached
// past the address guard alone, without redirects, within a time and a size. Knows no protocol.
import { GatewayError } from "../../core/errors.ts";
import { AddressRefused } from "../../lib/address-guard.ts";
import { UnusableAnswer, type Getter } from "../../lib/guarded-get.ts";
import type { Media, MediaAsk } from "../../translators/translation.ts";

const maxBytes = 20 * 1024 * 1024;
/** Of one request together. */
const maxSum = 40 * 1024 * 1024;
/** URLs of one request. */
const maxUrls = 32;
const timeoutMs = 10_000;
/** Requests of one data plane that fetch at a time: with their sums, the memory that media may take. */
const maxFetching = 8;
const retryAfterSeconds = 1;

const taken = /^(?:image|audio|video)\/[\w.+-]+$|^application\/pdf$|^text\/plain$/;

export class MediaFetcher {
  readonly #getter: Pick<Getter, "getTyped">;
  #fetching = 0;

  constructor(getter: Pick<Getter, "getTyped">) {
    this.#getter = getter;
  }

  /**
   * By URL; each is fetched once.
   * @throws GatewayError invalid_request that names the part; overloaded
   */
  async fetch(asks: readonly MediaAsk[], signal: AbortSignal): Promise<ReadonlyMap<string, Media>> {
    const byUrl = new Map(asks.map((ask) => [ask.url, ask] as const));
    const last = asks.at(-1);
    if (byUrl.size > maxUrls) throw unfetched(last?.param ?? "", `at most ${maxUrls} URLs are fetched`);
    if (this.#fetching >= maxFetching) throw new GatewayError("overloaded", { retryAfterSeconds });
    this.#fetching += 1;
    try {
      return await this.#fetchAll(byUrl, signal);
    } finally {
      this.#fetching -= 1;
    }
  }

  /** One after the other, so that what comes is bounded by what there is room for. */
  async #fetchAll(
    asks: ReadonlyMap<string, MediaAsk>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Media>> {
    const found = new Map<string, Media>();
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * 2)]);
    let left = maxSum;
    for (const [url, { param }] of asks) {
      const media = await this.#fetchOne(url, param, { room: Math.min(left, maxBytes), signal: deadline });
      left -= media.bytes;
      found.set(url, media.media);
    }
    return found;
  }

  async #fetchOne(
    url: string,
    param: string,
    { room, signal }: { readonly room: number; readonly signal: AbortSignal },
  ): Promise<{ readonly media: Media; readonly bytes: number }> {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw unfetched(param, "it is no http(s) URL");
    try {
      const accept = "image/*, audio/*, video/*, application/pdf, text/plain";
      const got = await this.#getter.getTyped({ url, timeoutMs, maxBytes: room, accept, signal });
      const [type = ""] = got.type.toLowerCase().split(";", 1);
      if (!taken.test(type.trim())) throw unfetched(param, "its content type is none of media");
      return { media: { type: type.trim(), base64: got.body.toString("base64") }, bytes: got.body.length };
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw unfetched(param, reasonOf(error));
    }
  }
}

/** Never the address, nor what the connection says of it. */
function reasonOf(error: unknown): string {
  if (error instanceof UnusableAnswer) return `it ${error.message}`;
  if (error instanceof AddressRefused) return "its address may not be reached from here";
  return error instanceof Error && error.name === "TimeoutError"
    ? "it took too long"
    : "its server could not be reached";
}

function unfetched(param: string, why: string): GatewayError {
  return new GatewayError("invalid_request", {
    message: `What ${param} names by URL could not be fetched: ${why}. Send it as base64 instead.`,
    param,
  });
}
