// Follows the quotas: gives the book its file, the counters of this node, the configuration, a clock and a way to webhooks.
import { join } from "node:path";
import type { Configuration } from "../control/configuration.ts";
import { QuotaBook, type QuotaCounters } from "../control/quotas/quota-book.ts";
import { QuotaDirectory } from "../control/quotas/quota-directory.ts";
import { systemClock } from "../core/clock.ts";
import type { KeptQuota, QuotaStore } from "../core/kept-quota.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { guardedPoster } from "../lib/guarded-post.ts";
import { openSqliteQuotaStore } from "../store/sqlite-quota-store.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

/** In the data folder. */
export const quotaFile = "quotas.db";

/** What was counted since is lost when the process is killed. */
const lookEveryMs = 250;
const deliverEveryMs = 1_000;

/** Null when the file cannot be used: quotas are then counted from nothing, and are not kept. */
export function openQuotaFile(dataDir: string, log: OperationalLog): QuotaStore | null {
  const onProblem = ({ message }: Error): void => log.error("quotas-not-kept", { message });
  try {
    return openSqliteQuotaStore(join(dataDir, quotaFile), onProblem);
  } catch (error) {
    onProblem(error instanceof Error ? error : new Error(String(error)));
    return null;
  }
}

export interface QuotaWatchOptions {
  readonly configuration: Configuration;
  readonly pool: { readonly memory: { readonly limits: QuotaCounters } };
  readonly quotaStore: QuotaStore | null;
  /** What the file held when it was opened. */
  readonly keptQuotas: readonly KeptQuota[];
  readonly networks: AllowedNetworks;
  /** Where a reader finds the console. */
  readonly consoleUrl: () => string;
  readonly log: OperationalLog;
}

/** Starts following until it is stopped, which must be after the last data plane has ended. */
export function followQuotas(options: QuotaWatchOptions, stops: Stops): QuotaBook {
  const { configuration, pool, quotaStore, keptQuotas: kept, networks, consoleUrl, log } = options;
  const poster = guardedPoster(networks);
  const book = new QuotaBook({
    directory: new QuotaDirectory(() => configuration.working.resources),
    counters: pool.memory.limits,
    store: quotaStore,
    kept,
    post: poster.post,
    wallMs: () => systemClock.wallMs(),
    origin: () => ({
      instance: configuration.working.resources.instances.keys().next().value ?? "default",
      consoleUrl: consoleUrl(),
    }),
    report: (event, message) => log.error(event, { message }),
  });
  let isStopped = false;
  let isLooking = false;
  /** Piece by piece, with turns for others in between. */
  const look = (): void => {
    isLooking = !isStopped && book.look();
    if (isLooking) setImmediate(look);
  };
  const timers = [
    setInterval(() => {
      if (!isLooking) look();
    }, lookEveryMs).unref(),
    setInterval(() => void book.deliver(), deliverEveryMs).unref(),
  ];
  stops.add(async () => {
    isStopped = true;
    for (const timer of timers) clearInterval(timer);
    await book.close();
    await poster.close();
  });
  return book;
}
