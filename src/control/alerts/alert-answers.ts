// How alerts stand, as the admin API tells it. Types only.
import type { MetricUnit } from "../../core/metric-names.ts";

/** `off`: not enabled; `waiting`: not looked at yet since the start. */
export type AlertStateName = "off" | "waiting" | "ok" | "pending" | "firing";

export interface AlertState {
  readonly name: string;
  readonly state: AlertStateName;
  /** ISO 8601, UTC: since when it is in this state. */
  readonly since: string | null;
  /** Of the last look; null when nothing was measured. */
  readonly value: number | null;
  readonly unit: MetricUnit;
  readonly windowSeconds: number;
  readonly evaluatedAt: string | null;
  /** The newest message to a webhook that could not be delivered; null when all were, or none was sent. */
  readonly lastError: { readonly at: string; readonly message: string } | null;
  /** Messages that are still tried. */
  readonly undelivered: number;
}

/** `GET /api/v1/alert-states` */
export interface AlertStatesAnswer {
  readonly items: readonly AlertState[];
}

/** `POST /api/v1/alerts/{name}/test` */
export interface AlertTestAnswer {
  readonly ok: boolean;
  /** One per webhook, in their order. */
  readonly results: readonly {
    readonly webhook: string;
    readonly ok: boolean;
    /** 0 = no answer came. */
    readonly status: number;
    readonly message: string;
    readonly ms: number;
  }[];
}

/** `POST /api/v1/alerts/preview` */
export interface AlertPreviewAnswer {
  readonly unit: MetricUnit;
  readonly startMs: number;
  /** A column is as long as what the alert looks at. */
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
  readonly threshold: number;
  /** When it would have fired; `toMs` null = still. */
  readonly firings: readonly { readonly fromMs: number; readonly toMs: number | null }[];
  /** False: records do not reach back to the start, or are still being read in. */
  readonly complete: boolean;
}
