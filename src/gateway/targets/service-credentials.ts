// Puts a service's keys on requests, each as its provider wants it: in a header, in the query, as a signature, as a token
// that must be fetched. Holds what that needs from request to request. The one place that does.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import { accessKeyIn, secretsIn } from "../../providers/key-text.ts";
import { serviceAccountIn } from "../../providers/service-account.ts";
import { RequestSigner, signatureHeaders } from "../../providers/sigv4.ts";
import type { AuthScheme, SnapshotService } from "../../snapshot/snapshot.ts";
import type { Upstream, UpstreamRequest } from "../upstream/upstream.ts";
import { AccessTokens, CredentialsFailed } from "./access-tokens.ts";

/** Shorter ones are not told from ordinary words. */
const shortestSecret = 8;
/** Tokens of one key: the present one, and those before it that an answer may still show. */
const keptTokens = 3;

/** Nothing that is authorised at once is fetched. */
const noUpstream: Upstream = {
  send() {
    throw new TypeError("nothing may be sent to authorise a request at once");
  },
  close: () => Promise.resolve(),
};

/** What a request is before it is authorised. */
type Draft = Pick<UpstreamRequest, "origin" | "method" | "path" | "headers" | "body">;

/** Signs by a key whose region is that of the endpoint. */
type Signers = Map<string, RequestSigner>;

type Held =
  | { readonly kind: "plain" }
  | { readonly kind: "signer"; readonly signers: Signers }
  | { readonly kind: "tokens"; readonly tokens: AccessTokens }
  | { readonly kind: "broken"; readonly problem: string };

export class ServiceCredentials {
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #held = new Map<string, Held>();
  readonly #known: readonly string[];
  readonly #learnt: string[] = [];
  /** What no answer may show; another list whenever a token is learnt. */
  secrets: readonly string[];

  constructor(config: Pick<SnapshotService, "keys" | "headers">, clock: Pick<Clock, "wallMs">) {
    this.#clock = clock;
    const known = [
      ...config.keys.flatMap(({ value }) => secretsIn(value)),
      ...config.headers.map(([, value]) => value),
    ];
    this.#known = known.filter((secret) => secret.length >= shortestSecret);
    this.secrets = this.#known;
  }

  /**
   * The request with the key on it: at once, but for a token that must be fetched.
   * @param key value of the key; "" = none
   * @throws CredentialsFailed, or rejects with it
   */
  authorize<T extends Draft>(request: T, auth: AuthScheme, key: string, upstream: Upstream): T | Promise<T> {
    if (key === "" || auth.kind === "none") return request;
    switch (auth.kind) {
      case "bearer":
        return withHeader(request, "authorization", `Bearer ${key}`);
      case "header":
        return withHeader(request, auth.name, key);
      case "query":
        return { ...request, path: withParameter(request.path, auth.name, key) };
      case "aws":
        return this.#signed(request, auth.region ?? "", key);
      case "google":
        return this.#withToken(request, key, upstream);
    }
  }

  /**
   * For what cannot wait: sockets of routes whose services need no token.
   * @throws GatewayError upstream_credentials when a token must be fetched first
   */
  authorizeNow<T extends Draft>(request: T, auth: AuthScheme, key: string): T {
    if (auth.kind !== "google" || this.#heldOf(key).kind === "plain") {
      const authorized = this.authorize(request, auth, key, noUpstream);
      if (!(authorized instanceof Promise)) return authorized;
    }
    const message = "This service's key is good for an access token, which WebSockets do not wait for.";
    throw new GatewayError("upstream_credentials", { message });
  }

  #signed<T extends Draft>(request: T, region: string, key: string): T {
    const held = this.#heldOf(key);
    if (held.kind !== "signer") return withHeader(request, "authorization", `Bearer ${key}`);
    const { origin, method, path, headers, body } = request;
    const signer = held.signers.get(region) ?? newSigner(held.signers, key, region);
    const added = signer.sign(
      {
        method,
        host: new URL(origin).host,
        path,
        headers: signedHeaders(headers),
        body: body === null ? "" : "stream" in body ? undefined : body,
      },
      this.#clock.wallMs(),
    );
    headers.push(...added);
    return request;
  }

  #withToken<T extends Draft>(request: T, key: string, upstream: Upstream): T | Promise<T> {
    const held = this.#heldOf(key);
    if (held.kind === "broken") throw new CredentialsFailed(`the key ${held.problem}`);
    if (held.kind !== "tokens")
      return key.startsWith("ya29.")
        ? withHeader(request, "authorization", `Bearer ${key}`)
        : withHeader(request, "x-goog-api-key", key);
    const token = held.tokens.token(upstream);
    if (typeof token === "string") return withHeader(request, "authorization", `Bearer ${token}`);
    return token.then((value) => withHeader(request, "authorization", `Bearer ${value}`));
  }

  /** What a key is, found out once. */
  #heldOf(key: string): Held {
    let held = this.#held.get(key);
    if (held === undefined) {
      held = this.#read(key);
      this.#held.set(key, held);
    }
    return held;
  }

  #read(key: string): Held {
    if (accessKeyIn(key) !== undefined) return { kind: "signer", signers: new Map() };
    const account = serviceAccountIn(key);
    if (account === undefined) return { kind: "plain" };
    if (typeof account === "string") return { kind: "broken", problem: account };
    return {
      kind: "tokens",
      tokens: new AccessTokens(account, this.#clock, (secret) => this.#learn(secret)),
    };
  }

  #learn(secret: string): void {
    this.#learnt.push(secret);
    if (this.#learnt.length > keptTokens * this.#held.size) this.#learnt.shift();
    this.secrets = [...this.#known, ...this.#learnt];
  }
}

/** Headers in which a scheme puts what proves the gateway, in lower case: a client's own must not stand beside them. */
export function headersOf(auth: AuthScheme): readonly string[] {
  if (auth.kind === "header") return [auth.name.toLowerCase()];
  if (auth.kind === "google") return ["x-goog-api-key"];
  return auth.kind === "aws" ? signatureHeaders : [];
}

function newSigner(signers: Signers, key: string, region: string): RequestSigner {
  const access = accessKeyIn(key);
  if (access === undefined) throw new TypeError("a key that is no access key cannot sign");
  const signer = new RequestSigner(access, { region, service: "bedrock" });
  signers.set(region, signer);
  return signer;
}

function withHeader<T extends Draft>(request: T, name: string, value: string): T {
  request.headers.push(name, value);
  return request;
}

/** Takes the place of the client's own. */
function withParameter(path: string, name: string, value: string): string {
  const mark = path.indexOf("?");
  const bare = mark === -1 ? path : path.slice(0, mark);
  const pairs = mark === -1 ? [] : path.slice(mark + 1).split("&");
  const others = pairs.filter((pair) => pair !== "" && !new URLSearchParams(pair).has(name));
  return `${bare}?${[...others, `${name}=${encodeURIComponent(value)}`].join("&")}`;
}

/** Those that AWS wants signed: the content type, and all of its own. */
function signedHeaders(headers: readonly string[]): [string, string][] {
  const signed = new Map<string, string>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]?.toLowerCase() ?? "";
    if (name !== "content-type" && !name.startsWith("x-amz-")) continue;
    const value = headers[index + 1] ?? "";
    const before = signed.get(name);
    signed.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...signed];
}
