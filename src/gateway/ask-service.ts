// Asks a configured service something for the gateway itself: whether a text may pass, what its embedding is. By the same
// keys, headers and connector as requests of clients; one that is refused or too fast is followed by the next key.
import type { ServiceProtocol } from "../core/protocol.ts";
import type { PooledKey } from "./targets/key-pool.ts";
import { CredentialsFailed } from "./targets/access-tokens.ts";
import type { Endpoint, ServiceRuntime } from "./targets/service-runtime.ts";
import { AskFailed, collectAnswer, type Collected, type CollectOptions } from "./upstream/collect-answer.ts";
import type { Upstream, UpstreamRequest } from "./upstream/upstream.ts";
import { servicePath } from "./upstream/service-path.ts";

export interface ServiceQuestion extends CollectOptions {
  /** What the service must speak; of several, the first that it does. */
  readonly protocols: readonly ServiceProtocol[];
  readonly model: string;
  /** What is sent to a service of that protocol: path as its clients write it. */
  readonly ask: (protocol: ServiceProtocol) => {
    readonly path: string;
    /** Flat: name, value. */
    readonly headers?: readonly string[];
    readonly body: object;
  };
}

export interface ServiceAnswer extends Collected {
  readonly protocol: ServiceProtocol;
}

/** @throws AskFailed when no whole answer comes; an answer of any status is an answer */
export async function askService(
  service: ServiceRuntime,
  question: ServiceQuestion,
  upstream: Upstream,
): Promise<ServiceAnswer> {
  const endpoint = question.protocols.flatMap((name) => service.endpointFor({ protocol: name }) ?? [])[0];
  if (endpoint === undefined || !service.config.usable) throw new AskFailed("not-offered");
  if (!service.enter()) throw new AskFailed("busy");
  try {
    return await askWithKeys(service, endpoint, question, upstream);
  } finally {
    service.leave();
  }
}

async function askWithKeys(
  service: ServiceRuntime,
  endpoint: Endpoint,
  question: ServiceQuestion,
  upstream: Upstream,
): Promise<ServiceAnswer> {
  const tried: PooledKey[] = [];
  let last: ServiceAnswer | undefined;
  for (let key = service.keys.pick(tried); key !== undefined; key = service.keys.pick(tried)) {
    tried.push(key);
    const request = await authorized(service, requestOf(service, endpoint, question), {
      endpoint,
      key,
      upstream,
    });
    if (request === undefined) continue;
    const answer = await collectAnswer(upstream, request, question);
    last = { ...answer, protocol: endpoint.protocol };
    if (!isOfTheKey(answer.status)) {
      service.keys.worked(key);
      return last;
    }
    if (answer.status === 429) service.keys.rateLimited(key, undefined);
    else if (answer.status !== 403) service.keys.refused(key);
  }
  if (last === undefined) throw new AskFailed("no-key");
  return last;
}

/** Undefined where no token can be had for the key. */
async function authorized(
  { credentials }: ServiceRuntime,
  request: UpstreamRequest,
  {
    endpoint,
    key,
    upstream,
  }: { readonly endpoint: Endpoint; readonly key: PooledKey; readonly upstream: Upstream },
): Promise<UpstreamRequest | undefined> {
  try {
    return await credentials.authorize(request, endpoint.auth, key.value, upstream);
  } catch (error) {
    if (error instanceof CredentialsFailed) return undefined;
    throw error;
  }
}

function isOfTheKey(status: number): boolean {
  return status === 401 || status === 402 || status === 403 || status === 429;
}

function requestOf(
  service: ServiceRuntime,
  endpoint: Endpoint,
  { model, ask, timeoutMs }: ServiceQuestion,
): UpstreamRequest {
  const { path, headers: asked = [], body } = ask(endpoint.protocol);
  const headers = ["accept", "application/json", "user-agent", "moongate", ...asked];
  headers.push("content-type", "application/json", ...service.addedHeaders);
  headers.push("accept-encoding", "identity");
  return {
    origin: endpoint.base.origin,
    method: "POST",
    path: servicePath(endpoint, path, model),
    headers,
    body: Buffer.from(JSON.stringify(body)),
    connectTimeoutMs: Math.min(service.config.timeouts.connectMs, timeoutMs),
    freshConnection: false,
  };
}
