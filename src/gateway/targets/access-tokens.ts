// The access token of one service account: fetched when it is first needed, kept, and fetched anew before it runs out.
// One fetch at a time, however many requests wait. Knows no request that needs it.
import type { Clock } from "../../core/clock.ts";
import {
  readTokenAnswer,
  tokenErrorClass,
  tokenRequestBody,
  type ServiceAccount,
} from "../../providers/service-account.ts";
import { AskFailed, collectAnswer } from "../upstream/collect-answer.ts";
import type { Upstream } from "../upstream/upstream.ts";

const timeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024;
/** So long before its end a token is fetched anew, while the old one serves on. */
const renewBeforeMs = 300_000;
/** So long before its end a token is not used any more. */
const unusableBeforeMs = 10_000;
/** After a failure nobody is asked for so long. */
const failureRestMs = 1_000;

/** Why there is no token, in words that hold no secret. */
export class CredentialsFailed extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "CredentialsFailed";
  }
}

export class AccessTokens {
  readonly #account: ServiceAccount;
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #learn: (secret: string) => void;
  #token = "";
  #untilMs = 0;
  #pending: Promise<string> | undefined;
  #failure: CredentialsFailed | undefined;
  #failedMs = -Infinity;

  /** @param learn told of each token: no answer may show it */
  constructor(account: ServiceAccount, clock: Pick<Clock, "wallMs">, learn: (secret: string) => void) {
    this.#account = account;
    this.#clock = clock;
    this.#learn = learn;
  }

  /** At once while there is a good one. @throws CredentialsFailed */
  token(upstream: Upstream): string | Promise<string> {
    const leftMs = this.#untilMs - this.#clock.wallMs();
    if (leftMs > renewBeforeMs) return this.#token;
    if (leftMs <= unusableBeforeMs) return this.#fetch(upstream);
    // That it fails is told to whoever needs it when the old one is over.
    this.#fetch(upstream).catch(() => undefined);
    return this.#token;
  }

  #fetch(upstream: Upstream): Promise<string> {
    const failure = this.#failure;
    if (failure !== undefined && this.#clock.wallMs() - this.#failedMs < failureRestMs)
      return Promise.reject(failure);
    this.#pending ??= this.#ask(upstream).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(upstream: Upstream): Promise<string> {
    try {
      const token = await this.#answer(upstream);
      this.#failure = undefined;
      return token;
    } catch (error) {
      const failure = error instanceof CredentialsFailed ? error : new CredentialsFailed(detailOf(error));
      this.#failure = failure;
      this.#failedMs = this.#clock.wallMs();
      throw failure;
    }
  }

  async #answer(upstream: Upstream): Promise<string> {
    const { origin, pathname, search } = new URL(this.#account.tokenUrl);
    const body = tokenRequestBody(this.#account, this.#clock.wallMs());
    const request = {
      origin,
      method: "POST",
      path: pathname + search,
      headers: [
        "accept",
        "application/json",
        "content-type",
        "application/x-www-form-urlencoded",
        "user-agent",
        "moongate",
        "accept-encoding",
        "identity",
      ],
      body: Buffer.from(body),
      connectTimeoutMs: timeoutMs,
      freshConnection: false,
    };
    const signal = new AbortController().signal;
    const answer = await collectAnswer(upstream, request, { timeoutMs, maxBytes: maxAnswerBytes, signal });
    const token = answer.status === 200 ? readTokenAnswer(answer.body) : undefined;
    if (token === undefined) {
      const name = tokenErrorClass(answer.body);
      throw new CredentialsFailed(`token endpoint: ${answer.status}${name === "" ? "" : ` ${name}`}`);
    }
    this.#token = token.value;
    this.#untilMs = this.#clock.wallMs() + token.lifeSeconds * 1_000;
    this.#learn(token.value);
    return token.value;
  }
}

function detailOf(error: unknown): string {
  if (error instanceof AskFailed) return `token endpoint: ${error.failure}`;
  return "the private key of the service account cannot be read";
}
