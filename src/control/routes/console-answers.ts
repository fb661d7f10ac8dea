// What the console reads beside the resources: the answers' shapes, for clients to import as types. Types only.
import type { Modality } from "../../core/known-model.ts";
import type { Language } from "../../core/routing-record.ts";
import type { Kind } from "../../resources/kinds.ts";
import type { ControlErrorCode } from "../control-error.ts";
import type { LogDetail } from "../../telemetry/log-answers.ts";

export type { AttemptRecord, ExchangeRecord } from "../../core/exchange-record.ts";
export type {
  LogDetail,
  LogFacet,
  LogFacetField,
  LogFeedback,
  LogFilter,
  LogHistogram,
  LogItem,
  LogPage,
  TraceAnswer,
} from "../../telemetry/log-answers.ts";
export type {
  AlertPreviewAnswer,
  AlertState,
  AlertStateName,
  AlertStatesAnswer,
  AlertTestAnswer,
} from "../alerts/alert-answers.ts";
export type { SinkState, SinkTest } from "../../telemetry/delivery-answers.ts";
export type { LogSettings, LogStoreState } from "../../telemetry/log-state.ts";
export type {
  MetricAnswer,
  MetricDimension,
  MetricSeries,
  MetricUnit,
  MetricsAnswer,
  UsageAnswer,
  UsageRow,
} from "../../telemetry/metrics-answers.ts";
export type { MetricName } from "../../core/metric-names.ts";
export type { KnownProvider as Provider } from "../../providers/known-providers.ts";
export type {
  ApiTraffic,
  Buckets,
  ExchangeSummary,
  TrafficAnswer,
  TrafficCounts,
  TrafficWindow,
  WayAnswer,
  WayStepName,
  WayStop,
  WayTarget,
} from "../../telemetry/traffic-answers.ts";

/** `GET /api/v1/logs/{requestId}` */
export type LogRecordAnswer = LogDetail & {
  /** The role of who asks does not see recorded content. */
  readonly contentHidden: boolean;
};

/** `disabled`: switched off, or without an enabled key where one is needed. `trial`: the next request finds out. */
export type ServiceStandingName = "ready" | "trial" | "ejected" | "resting" | "refused" | "disabled";

/** Why something is not ready, as a code: a failure's trigger, or `rate_limit`, `credentials`, `disabled`; empty when ready. */
export type StandingReason =
  | ""
  | "disabled"
  | "rate_limit"
  | "credentials"
  | "upstream-5xx"
  | "upstream-429"
  | "upstream-credentials"
  | "upstream-4xx"
  | "upstream-any-4xx"
  | "network-error"
  | "timeout"
  | "first-packet-timeout"
  | "error-in-200"
  | "empty-answer";

/** A model of a service that is not ready by itself. */
export interface TargetStanding {
  /** As Model APIs name it; empty when they leave it to the client. */
  readonly model: string;
  readonly standing: "trial" | "ejected";
  readonly reason: StandingReason;
  readonly since: string;
  /** ISO 8601, UTC: when it is tried again. */
  readonly until: string;
}

export interface ServiceStanding {
  readonly name: string;
  /** Of its keys together, else of its worst target. */
  readonly standing: ServiceStandingName;
  readonly reason: StandingReason;
  /** ISO 8601, UTC: when it is tried again; null when ready or disabled. */
  readonly until: string | null;
  /** Requests that run there now. */
  readonly inFlight: number;
  /** Its targets that are not ready. */
  readonly targets: readonly TargetStanding[];
}

/** An API key that is left alone now. */
export interface KeyStanding {
  readonly service: string;
  readonly key: string;
  /** `resting`: after a rate limit; `refused`: the service did not take it. */
  readonly standing: "resting" | "refused";
  readonly reason: "rate_limit" | "credentials";
  /** ISO 8601, UTC. */
  readonly until: string;
}

/** Something a person should look at; the text is the console's, by `code` and `params`. */
export interface Attention {
  readonly code:
    | "target_ejected"
    | "service_resting"
    | "service_refused"
    | "key_refused"
    | "key_resting"
    | "alert_firing"
    | "sink_failing"
    | "config_error";
  readonly kind: Kind | null;
  /** Name of the object; empty for none. */
  readonly object: string;
  readonly params: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; null where it is not known. */
  readonly sinceMs: number | null;
}

export interface NodeStatus {
  readonly name: string;
  readonly role: "all";
  /** That every worker serves; null while they differ or none serves. */
  readonly revision: number | null;
  readonly ready: boolean;
  readonly workers: number;
}

/** `GET /api/v1/status` */
export interface StatusAnswer {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly instance: { readonly name: string; readonly region: string };
  /** Newest revision of the configuration. */
  readonly revision: number;
  /** Whether every worker serves it. */
  readonly ready: boolean;
  /** Last refused edit of the started file. */
  readonly configError: string | null;
  readonly nodes: readonly NodeStatus[];
  /** Where clients call the data plane. `url` is as seen from this machine; `host` is the bound address. */
  readonly gateway: {
    readonly url: string;
    readonly scheme: "http";
    readonly host: string;
    readonly port: number;
  };
  readonly counts: {
    readonly modelApis: number;
    readonly services: number;
    readonly domains: number;
    readonly consumers: number;
    readonly resourceGroups: number;
  };
  readonly inFlight: number;
  readonly services: readonly ServiceStanding[];
  /** Keys that are not ready. */
  readonly keys: readonly KeyStanding[];
  readonly attention: readonly Attention[];
}

/** `GET /api/v1/{collection}/{name}/dependants`: who would keep it from being deleted. */
export interface DependantsAnswer {
  /** At most 1,000. */
  readonly items: readonly Dependant[];
  /** How many there are, those that are not listed too. */
  readonly total: number;
}

export interface Dependant {
  readonly kind: Kind;
  readonly name: string;
  /** Where it names the object, such as `fallback.targets[0].service`. */
  readonly paths: readonly string[];
}

/** `POST /api/v1/model-apis/check`, `?name=` of the existing one for an update. Nothing is written. */
export interface CheckAnswer {
  /** True: it would be taken. */
  readonly ok: boolean;
  readonly issues: readonly CheckIssue[];
  readonly warnings: readonly string[];
}

export interface CheckIssue {
  /** Field, such as `basePath` or `modelService.targets[0].service`; empty for the object as a whole. */
  readonly path: string;
  readonly message: string;
  readonly code: ControlErrorCode;
  /** The object that stands in the way. */
  readonly other?: { readonly kind: Kind; readonly name: string };
}

/** A figure that nobody has typed, with who says so: the service's own prices, the model data, nobody. */
export interface KnownFigure<Value> {
  readonly value: Value;
  readonly origin: "service" | "known" | "assumed";
}

/** Of `POST /api/v1/routing/characteristics`: what mode intelligent takes a model at a service for. */
export interface KnownCharacteristics {
  readonly service: string;
  readonly model: string;
  /** 0 to 100. */
  readonly quality: KnownFigure<number>;
  readonly contextWindow: KnownFigure<number>;
  readonly maxOutputTokens: KnownFigure<number>;
  readonly input: KnownFigure<readonly Modality[]>;
  readonly output: KnownFigure<readonly Modality[]>;
  readonly tools: KnownFigure<boolean>;
  readonly jsonSchema: KnownFigure<boolean>;
  readonly languages: KnownFigure<readonly Language[]>;
  /** USD per million tokens. */
  readonly price: KnownFigure<{ readonly input: number; readonly output: number }>;
  /** Of what is known; absent: nothing is. */
  readonly source?: string;
  readonly date?: string;
}
