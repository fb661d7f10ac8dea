// What a test of a service is given, and what its steps share.
import type { Clock } from "../../core/clock.ts";
import type { AllowedNetworks } from "../../lib/address-guard.ts";
import type { Discovery } from "../../providers/model-lists.ts";
import type { SnapshotService } from "../../snapshot/snapshot.ts";
import type { Endpoint } from "../targets/service-runtime.ts";
import type { ServiceCredentials } from "../targets/service-credentials.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** How long the answers to one request may take, in ms. */
export interface TestDeadlines {
  readonly listMs: number;
  readonly callMs: number;
}

export const usualDeadlines: TestDeadlines = { listMs: 10_000, callMs: 20_000 };

export interface ServiceTestOptions {
  readonly networks: AllowedNetworks;
  /** Where the built-in simulator listens. */
  readonly simulatorUrl: string;
  readonly clock: Clock;
  readonly deadlines: TestDeadlines;
  /** Of the call; default: one that the service has. */
  readonly model?: string | undefined;
  /** Name of the one key to test with; default: all. */
  readonly key?: string | undefined;
}

/** What the steps work on. */
export interface TestContext {
  readonly config: SnapshotService;
  readonly endpoint: Endpoint;
  readonly discovery: Discovery;
  readonly options: ServiceTestOptions;
  readonly upstream: Upstream;
  readonly credentials: ServiceCredentials;
  /** Keys and header values: no message may hold one. */
  readonly secrets: readonly string[];
  readonly left: AbortSignal;
}
