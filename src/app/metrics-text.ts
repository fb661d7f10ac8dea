// The text of `/metrics`: what the log thread has counted since the process began, and what is so at this moment.
import type { LimitKeeper } from "../gateway/limits/limit-keeper.ts";
import type { LivePort, QuotaPort, TelemetryPort } from "../control/routes/ports.ts";
import { nearestQuotas } from "../control/quotas/nearest-quotas.ts";
import { told } from "../control/routes/traffic-operations.ts";
import type { CacheThread } from "./cache-thread.ts";
import { prometheusText, type MetricFamily } from "../telemetry/prometheus-text.ts";

/** What else of the program has figures of this moment. */
interface Counted {
  readonly answers: Pick<CacheThread, "stats">;
  readonly quotas: Pick<QuotaPort, "shares">;
  readonly limits: Pick<LimitKeeper, "totals">;
}

/** Rejects with `traffic_unavailable` while the log thread cannot be asked. */
export function metricsText(
  telemetry: TelemetryPort,
  live: LivePort,
  { answers, quotas, limits }: Counted,
): () => Promise<string> {
  return async () => {
    const now = [
      ...gauges(live),
      ...cacheGauges(answers),
      await quotaGauge(quotas),
      ...limitCounters(limits),
    ];
    return (await told(telemetry.ask("prometheus", {}))) + prometheusText(now);
  };
}

function cacheGauges({ stats }: Pick<CacheThread, "stats">): MetricFamily[] {
  const gauge = (name: string, help: string, value: number): MetricFamily => {
    return { name, help, type: "gauge", samples: [{ labels: [], value }] };
  };
  return [
    gauge("moongate_cache_entries", "Answers that are kept for reuse.", stats.entries),
    gauge("moongate_cache_bytes", "Memory that they take.", stats.bytes),
  ];
}

function limitCounters({ totals }: Counted["limits"]): MetricFamily[] {
  return [
    {
      name: "moongate_limit_counters",
      help: "Counters of rate limits and quotas; fleeting: of values that clients choose.",
      type: "gauge",
      samples: [
        { labels: [["kind", "fleeting"]], value: totals.fleeting },
        { labels: [["kind", "lasting"]], value: totals.lasting },
      ],
    },
    {
      name: "moongate_limit_counters_dropped_total",
      help: "Counters that were dropped although they counted something, as too many values came.",
      type: "counter",
      samples: [{ labels: [], value: totals.dropped }],
    },
  ];
}

/** Those nearest to their end, when there are more. */
const maxQuotas = 1_000;

async function quotaGauge(quotas: Counted["quotas"]): Promise<MetricFamily> {
  const nearest = await nearestQuotas(quotas.shares(), maxQuotas);
  return {
    name: "moongate_quota_used_ratio",
    help: "Share of a quota that is used in the period that runs; of the 1,000 that are used most.",
    type: "gauge",
    samples: nearest.map(({ quota: { kind, owner, config }, share }) => ({
      labels: [
        ["consumer", kind === "consumers" ? owner : ""],
        ["consumer_group", kind === "consumers" ? "" : owner],
        ["quota", config.name],
      ],
      value: share,
    })),
  };
}

/** A service that is switched off, or has no key to be asked with, is neither well nor ill. */
function gauges(live: LivePort): MetricFamily[] {
  const known = live.standings().services.filter(({ standing }) => standing !== "disabled");
  return [
    {
      name: "moongate_inflight_requests",
      help: "Exchanges that run now.",
      type: "gauge",
      samples: [{ labels: [], value: live.inFlight() }],
    },
    {
      name: "moongate_service_healthy",
      help: "1: requests are sent there; 0: it rests, was refused or is passed over after failures.",
      type: "gauge",
      samples: known.map(({ name, standing }) => ({
        labels: [["service", name]],
        value: standing === "ready" ? 1 : 0,
      })),
    },
  ];
}
