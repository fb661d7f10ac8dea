// What a row of the provider catalogue holds. Knows no service and no request.
import type { ServiceDialect, ServiceProtocol } from "../core/protocol.ts";
import type { Task } from "../core/translated-pairs.ts";
import type { ProviderId } from "../resources/provider-id.ts";

/** How a key is put on a request. */
export type ProviderAuth =
  | { readonly kind: "bearer" }
  | { readonly kind: "header"; readonly name: string }
  /** A parameter of the query. */
  | { readonly kind: "query"; readonly name: string }
  /** Access keys sign requests for this region (Signature Version 4); any other key is a bearer key. */
  | { readonly kind: "aws"; readonly region?: string }
  /** Service accounts get access tokens; any other key is such a token, or an API key. */
  | { readonly kind: "google" }
  | { readonly kind: "none" };

/** Where a provider speaks one protocol. */
export interface ProviderEndpoint {
  readonly protocol: ServiceProtocol;
  /** Without query. Empty: the service must name one. `{resource}`, `{region}`, `{project}`: likewise, but the path is known. */
  readonly baseUrl: string;
  /**
   * Leading segments of a route's path that the base URL already stands for under another name:
   * with `/v1`, `/v1/chat/completions` goes to base URL + `/chat/completions`.
   */
  readonly replaces?: string;
  /** Where it differs from the row's. */
  readonly auth?: ProviderAuth;
  /** Whose words it uses for embeddings and rerank in place of the protocol's: such requests are translated. */
  readonly dialect?: ServiceDialect;
  /** What nobody answers there, though the protocol has it: such requests are translated for another of its endpoints. */
  readonly lacks?: readonly Task[];
  /** A base URL with this path stands for paths with a deployment and this version of the API in them. */
  readonly deployments?: { readonly path: string; readonly apiVersion: string };
}

export interface Provider {
  readonly id: ProviderId;
  readonly label: string;
  /** Protocols spoken natively, the preferred one first. */
  readonly endpoints: readonly ProviderEndpoint[];
  readonly auth: ProviderAuth;
  /** Whether `stream_options.include_usage` is known to be accepted. */
  readonly usageOption: boolean;
  /** What a reader should know; says so where something is not served yet. */
  readonly note: string;
}
