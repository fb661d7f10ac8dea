// Sends a request with a service's key on it. Where a token must be fetched first, the call begins when it is there.
import type { Endpoint } from "../targets/service-runtime.ts";
import { CredentialsFailed } from "../targets/access-tokens.ts";
import type { ServiceCredentials } from "../targets/service-credentials.ts";
import type { Call, Upstream, UpstreamHandler, UpstreamRequest } from "./upstream.ts";

/** By whom a request is sent. */
export interface Sender {
  readonly target: { readonly service: { readonly credentials: ServiceCredentials } };
  readonly endpoint: Pick<Endpoint, "auth">;
  readonly key: { readonly value: string };
}

export function sendAuthorized(
  upstream: Upstream,
  request: UpstreamRequest,
  { target, endpoint, key }: Sender,
  handler: UpstreamHandler,
): Call {
  const { credentials } = target.service;
  let authorized: UpstreamRequest | Promise<UpstreamRequest>;
  try {
    authorized = credentials.authorize(request, endpoint.auth, key.value, upstream);
  } catch (error) {
    authorized = Promise.reject(error);
  }
  return authorized instanceof Promise
    ? new LaterCall(authorized, upstream, handler)
    : upstream.send(authorized, handler);
}

/** A call whose request is not ready. */
class LaterCall implements Call {
  #call: Call | null = null;
  #aborted = false;

  constructor(request: Promise<UpstreamRequest>, upstream: Upstream, handler: UpstreamHandler) {
    request.then(
      (ready) => {
        if (!this.#aborted) this.#call = upstream.send(ready, handler);
      },
      (error: unknown) => {
        if (this.#aborted) return;
        const detail = error instanceof CredentialsFailed ? error.message : "credentials";
        handler.onFailure({ kind: "credentials", reusedConnection: false, detail });
      },
    );
  }

  get connected(): boolean {
    return this.#call?.connected === true;
  }

  abort(): void {
    this.#aborted = true;
    this.#call?.abort();
  }

  resume(): void {
    this.#call?.resume();
  }
}
