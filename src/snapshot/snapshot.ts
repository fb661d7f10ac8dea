// The contract between the planes: plain, serialisable data, frozen at one revision. Knows no store and no socket.
import type { ApiProtocol, RouteProtocol, ServiceDialect, ServiceProtocol } from "../core/protocol.ts";
import type { OwnModelData } from "../core/known-model.ts";
import type { Task } from "../core/translated-pairs.ts";
import type { Trigger } from "../core/exchange-record.ts";
import type { Price } from "../core/price.ts";
import type { CalendarPeriod } from "../lib/calendar-period.ts";
import type { PublishedRouter, RoutingPolicy } from "../routing/policy.ts";
import type { SnapshotRateLimit } from "./snapshot-rate-limit.ts";
import type { SnapshotModeration } from "./snapshot-moderation.ts";

/** How a service's key is put on a request; a row of the provider catalogue decides. */
export type AuthScheme =
  | { readonly kind: "bearer" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "query"; readonly name: string }
  /** Access keys sign for this region; any other key is a bearer key. */
  | { readonly kind: "aws"; readonly region?: string }
  /** Service accounts get tokens; any other key is a token or an API key. */
  | { readonly kind: "google" }
  | { readonly kind: "none" };

export interface SnapshotRoute {
  readonly name: string;
  readonly protocol: RouteProtocol;
  /** Path as clients send it below the base path; templates have `{param}` segments. */
  readonly path: string;
  readonly methods: readonly string[];
  readonly match: "exact" | "template" | "prefix";
  readonly websocket: boolean;
}

export interface SnapshotTarget {
  readonly service: string;
  /** Model name to send; absent = pass the client's through. */
  readonly model?: string;
}

/** How the target of a request is picked. Only modes that the data plane serves get past `compile`. */
export type SnapshotModelService =
  | { readonly mode: "single"; readonly target: SnapshotTarget }
  | {
      readonly mode: "by-model-name";
      /** In list order; `?` in a pattern is one character, `*` any run. */
      readonly rules: readonly { readonly pattern: string; readonly target: SnapshotTarget }[];
      readonly default?: SnapshotTarget;
    }
  | {
      readonly mode: "by-weight";
      readonly targets: readonly (SnapshotTarget & { readonly weight: number })[];
    }
  | {
      readonly mode: "by-metrics";
      readonly goal: MetricsGoal;
      readonly targets: readonly SnapshotTarget[];
      /** Largest share of requests that one target may get, above 0 to 1. */
      readonly maxShare: number;
    }
  | { readonly mode: "intelligent"; readonly policy: RoutingPolicy };

export type MetricsGoal = "lowest-ttft" | "lowest-latency" | "least-busy" | "balanced";

export interface SnapshotFallbackTarget extends SnapshotTarget {
  /** Own first-packet timeout, ms; absent = the API's. */
  readonly firstPacketTimeoutMs?: number;
}

export interface SnapshotFallback {
  /** Failures that go to the next target. */
  readonly on: readonly (Trigger | "policy-rejection")[];
  /** In the order in which they are tried; empty = no fallback. */
  readonly targets: readonly SnapshotFallbackTarget[];
}

export type ApiKeySource =
  | { readonly in: "bearer" }
  | { readonly in: "header" | "query"; readonly name: string };

export interface SnapshotAuth {
  readonly apiKeySources: readonly ApiKeySource[];
  /** Methods beside API keys that are not accepted; absent: all are. */
  readonly refused?: readonly ("jwt" | "hmac")[];
  /** Consumers that may call. */
  readonly grants: readonly ({ readonly consumer: string } & SnapshotGrant)[];
  /** Consumer groups that may call; absent: none. */
  readonly groupGrants?: readonly ({ readonly group: string } & SnapshotGrant)[];
}

export interface SnapshotGrant {
  /** Ms since 1970, null = no end. */
  readonly expiresAtMs: number | null;
  /** Patterns of the models that may be asked for; absent: all. */
  readonly models?: readonly string[];
}

export interface SnapshotApi {
  readonly name: string;
  readonly useCase: string;
  readonly resourceGroup: string;
  readonly protocols: readonly ApiProtocol[];
  /** Host names as A-labels, lower-case: exact, `*.example.com`, or `*`. */
  readonly hosts: readonly string[];
  /** Normalised: `/` or `/a/b` without trailing slash. */
  readonly basePath: string;
  readonly stripBasePath: boolean;
  readonly routes: readonly SnapshotRoute[];
  readonly modelService: SnapshotModelService;
  readonly fallback: SnapshotFallback;
  readonly retries: {
    readonly max: number;
    readonly on: readonly (Trigger | "upstream-503")[];
    readonly budgetPercent: number;
  };
  readonly firstPacketTimeoutMs: number;
  /** Null: authentication is off. */
  readonly auth: SnapshotAuth | null;
  /** Absent: nothing is limited. */
  readonly rateLimits?: readonly SnapshotRateLimit[];
  readonly corsOrigins: readonly string[];
  /** Absent: no content is checked. */
  readonly moderation?: SnapshotModeration;
  /** Absent: answers are not reused. */
  readonly cache?: SnapshotCache;
  /** How requests for services of other protocols are translated; absent: nothing is refused, no unknown field passes. */
  readonly translation?: { readonly strict: boolean; readonly passFields: readonly string[] };
  /** Of tasks that a translation waits for; absent: as resources begin. */
  readonly images?: { readonly pollSeconds: number; readonly deadlineSeconds: number };
  /** Networks that may call, and those that may not; absent: everyone may. */
  readonly ipAccess?: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  /** Absent: requests and answers pass as they are. */
  readonly shaping?: SnapshotShaping;
  readonly monitoring: {
    readonly metrics: boolean;
    readonly logs: boolean;
    readonly traces: boolean;
    /** Share of the traces that begin here, 0 to 1. */
    readonly traceSampleRatio: number;
    readonly exposeHeaders: boolean;
    /** Absent: neither requests nor answers are recorded. */
    readonly recording?: SnapshotRecording;
  };
}

export interface SnapshotHeaderEdits {
  readonly remove: readonly string[];
  readonly rename: readonly (readonly [from: string, to: string])[];
  readonly set: readonly (readonly [name: string, value: string])[];
}

/** Paths are names of fields, from the outermost. */
export interface SnapshotBodyEdits {
  readonly remove: readonly (readonly string[])[];
  readonly rename: readonly (readonly [path: readonly string[], name: string])[];
  readonly set: readonly (readonly [path: readonly string[], json: string])[];
}

/** What is changed on the way; an absent part changes nothing. */
export interface SnapshotShaping {
  readonly prompt?: { readonly prefix: string; readonly suffix: string };
  readonly parameters?: readonly {
    readonly name: "maxTokens" | "temperature" | "topP" | "n";
    readonly default?: number;
    readonly maximum?: number;
  }[];
  readonly requestHeaders?: SnapshotHeaderEdits;
  readonly requestBody?: SnapshotBodyEdits;
  readonly responseHeaders?: SnapshotHeaderEdits;
}

/** What of requests and answers goes into records. */
export interface SnapshotRecording {
  readonly request: boolean;
  readonly response: boolean;
  /** Of each, at most. */
  readonly maxBytes: number;
  readonly redact: {
    readonly secrets: boolean;
    readonly personalData: boolean;
    readonly patterns: readonly string[];
  };
}

/** How answers are reused. */
export interface SnapshotCache {
  /** Who shares them. */
  readonly scope: "consumer" | "api";
  readonly ttlSeconds: number;
  readonly maxEntryBytes: number;
  /** Absent: only the same requests count as one. */
  readonly semantic?: { readonly service: string; readonly model: string; readonly threshold: number };
}

export interface SnapshotEndpoint {
  readonly protocol: ServiceProtocol;
  /** Absolute http(s) URL without query; the simulator's is `simulator:`, resolved by the data plane. */
  readonly baseUrl: string;
  /** Where this protocol wants its key, if not where the service's other protocols do. */
  readonly auth?: AuthScheme;
  /** Start of a route's path that the base URL stands for under another name (`/v1` for `/api/paas/v4`). */
  readonly replaces?: string;
  /** Version of the API, where the model stands in the path as a deployment. */
  readonly deployments?: string;
  /** Other words than the protocol's, for embeddings and rerank. */
  readonly dialect?: ServiceDialect;
  /** What nobody answers there, though the protocol has it. */
  readonly lacks?: readonly Task[];
}

export interface SnapshotService {
  readonly name: string;
  readonly provider: string;
  readonly resourceGroup: string;
  readonly endpoints: readonly SnapshotEndpoint[];
  readonly auth: AuthScheme;
  /** Whether `stream_options.include_usage` may be asked of it. */
  readonly usageOption: boolean;
  /** Enabled keys only. An access key or a service account is one text of JSON. */
  readonly keys: readonly { readonly name: string; readonly value: string; readonly weight: number }[];
  /** False when keys are configured but none is enabled: nothing can be sent. */
  readonly usable: boolean;
  /** Name and value, added to every request. */
  readonly headers: readonly (readonly [string, string])[];
  readonly timeouts: { readonly connectMs: number; readonly idleMs: number; readonly totalMs: number };
  /** Requests in flight over all workers; 0 = no cap. */
  readonly maxInFlight: number;
  readonly models: readonly string[];
  /** By the name of the model as it is sent; models without a price are left out. */
  readonly prices: readonly (readonly [string, Price])[];
}

export interface SnapshotConsumer {
  readonly name: string;
  /** A key that was rotated stands here beside the one that replaced it, until its overlap ends. */
  readonly apiKeys: readonly {
    readonly name: string;
    /** SHA-256 of the key, hex. */
    readonly sha256: string;
    readonly expiresAtMs: number | null;
  }[];
  /** Consumer groups that it belongs to; absent = none. */
  readonly groups?: readonly string[];
  /** Absent = none. */
  readonly quotas?: readonly SnapshotQuota[];
  /** Absent: none. */
  readonly jwts?: readonly SnapshotJwt[];
  /** Absent: none. */
  readonly hmacs?: readonly SnapshotHmac[];
}

/** A consumer group that has quotas, which all its members use up together. */
export interface SnapshotConsumerGroup {
  readonly name: string;
  readonly quotas: readonly SnapshotQuota[];
}

export interface SnapshotQuota {
  readonly name: string;
  /** Tells its counter from all others. */
  readonly key: string;
  readonly metric: "tokens" | "cost";
  /** Tokens, or USD. */
  readonly limit: number;
  readonly period: CalendarPeriod;
  readonly timeZone: string;
  /** Counts, but refuses nothing; absent = no. */
  readonly dryRun?: boolean;
}

/** Tokens of an identity provider that stand for a consumer. */
export interface SnapshotJwt {
  readonly name: string;
  readonly issuer: string;
  /** Absent: any. */
  readonly audience?: string;
  readonly claim: string;
  readonly claimValue: string;
  readonly keys: SnapshotTokenKeys;
  readonly expiresAtMs: number | null;
}

/** Public keys as JWK, or where they are. */
export type SnapshotTokenKeys =
  | { readonly inline: readonly Readonly<Record<string, unknown>>[] }
  | { readonly url: string };

/** A key with which a consumer signs its requests. */
export interface SnapshotHmac {
  readonly name: string;
  readonly accessKey: string;
  /** The newest first, then one that was rotated; never empty ones. */
  readonly secrets: readonly { readonly value: string; readonly expiresAtMs: number | null }[];
}

/** The configuration of one instance at one revision. Disabled Model APIs and consumers are left out. */
export interface Snapshot {
  readonly revision: number;
  readonly instance: string;
  readonly apis: ReadonlyMap<string, SnapshotApi>;
  readonly services: ReadonlyMap<string, SnapshotService>;
  readonly consumers: ReadonlyMap<string, SnapshotConsumer>;
  /** Those with quotas; absent = none has any. */
  readonly consumerGroups?: ReadonlyMap<string, SnapshotConsumerGroup>;
  /** What was learnt and is in use, by Model API; absent = nothing is. */
  readonly routers?: ReadonlyMap<string, PublishedRouter>;
  /** What an administrator says of models; absent: what ships with the program holds. */
  readonly modelData?: OwnModelData;
}
