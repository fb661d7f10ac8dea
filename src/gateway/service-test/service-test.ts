// Tests a service as it is configured, step by step: address, connection, TLS, keys, models, one short answer. Uses the
// connector and client of the data plane on its own, so that no state of keys or targets is touched.
import { hasTrialRequest } from "../../protocols/trial-request.ts";
import { discoveryOf } from "../../providers/model-lists.ts";
import type { SnapshotService } from "../../snapshot/snapshot.ts";
import { ServiceCredentials } from "../targets/service-credentials.ts";
import { preparedEndpoints } from "../targets/service-runtime.ts";
import { createUndiciUpstream } from "../upstream/undici-upstream.ts";
import { connectOnce, lookUp, type ConnectSurroundings } from "./connect-steps.ts";
import { callModel } from "./call-step.ts";
import { listModels, tryKeys, type TriedKeys } from "./key-steps.ts";
import type { ServiceTestOptions, TestContext } from "./test-context.ts";
import { StepFailed, type StepName, type TestedKey, type TestReport, type TestStep } from "./report.ts";

/** What a step has found; `skipped`: that it does not apply. */
type Told = { readonly message: string; readonly ms?: number; readonly skipped?: true };

/** Whoever waits in front of a form does not wait as long as a request may. */
const longestConnectMs = 30_000;

/** Tests it; never throws for what the service does. @param left ends the test at once */
export async function testService(
  config: SnapshotService,
  options: ServiceTestOptions,
  left: AbortSignal,
): Promise<TestReport> {
  const endpoints = preparedEndpoints(config, options.simulatorUrl);
  const endpoint = endpoints.find(({ protocol }) => hasTrialRequest(protocol)) ?? endpoints[0];
  if (endpoint === undefined) throw new RangeError(`service "${config.name}" has no endpoint`);
  const upstream = createUndiciUpstream(options.networks);
  const credentials = new ServiceCredentials(config, options.clock);
  const context: TestContext = {
    config,
    credentials,
    endpoint,
    discovery: discoveryOf(config.provider, endpoint.protocol),
    options,
    upstream,
    get secrets() {
      return credentials.secrets;
    },
    left,
  };
  try {
    return await new RunningTest(context).run();
  } finally {
    await upstream.close();
  }
}

class RunningTest {
  readonly #context: TestContext;
  readonly #steps: TestStep[] = [];
  #failed: StepName | null = null;
  #models: readonly string[] = [];
  #keys: readonly TestedKey[] = [];

  constructor(context: TestContext) {
    this.#context = context;
  }

  async run(): Promise<TestReport> {
    const context = this.#context;
    await this.#connect();
    let tried: TriedKeys | null = null;
    let listAbsent = false;
    await this.#step("auth", async () => {
      tried = await tryKeys(context);
      this.#keys = tried.keys;
      if (tried.fault !== null) throw new StepFailed(tried.fault);
      return tried.told;
    });
    await this.#step("models", async () => {
      const found = await listModels(context, tried);
      this.#models = found.models;
      listAbsent = context.discovery.models !== undefined && found.told.skipped === true;
      return found.told;
    });
    await this.#step("call", () => callModel(context, { models: this.#models, tried, listAbsent }));
    const ok = this.#failed === null && this.#keys.every((key) => key.ok);
    return { ok, steps: this.#steps, models: this.#models, keys: this.#keys };
  }

  async #connect(): Promise<void> {
    const { config, endpoint, options, left } = this.#context;
    const url = new URL(endpoint.base.origin.replace(/^ws/u, "http"));
    const { networks, clock } = options;
    const timeoutMs = Math.min(config.timeouts.connectMs, longestConnectMs);
    const surroundings: ConnectSurroundings = { networks, timeoutMs, clock, left };
    const host = url.hostname.replace(/^\[|\]$/gu, "");
    await this.#step("dns", async () => {
      const message = await lookUp(host, surroundings);
      return message === null ? skipped("An IP address needs no look-up.") : { message };
    });
    if (this.#failed !== null) {
      this.#passOver("tcp");
      this.#passOver("tls");
      return;
    }
    const connected = await connectOnce(url, surroundings);
    await this.#step("tcp", () => {
      if (connected.tcpFault !== null) throw new StepFailed(connected.tcpFault, connected.tcpMs);
      return { message: "Connected.", ms: connected.tcpMs };
    });
    await this.#step("tls", () => {
      if (url.protocol !== "https:") return skipped("There is no TLS with http://.");
      if (connected.tlsFault !== null) throw new StepFailed(connected.tlsFault, connected.tlsMs);
      return { message: connected.tls ?? "TLS.", ms: connected.tlsMs };
    });
  }

  /** Runs a step and keeps what it tells; after a failure steps are passed over. */
  async #step(name: StepName, run: () => Told | Promise<Told>): Promise<void> {
    if (this.#failed !== null) return this.#passOver(name);
    const { clock } = this.#context.options;
    const startedMs = clock.monotonicMs();
    const elapsed = (): number => rounded(clock.monotonicMs() - startedMs);
    try {
      if (this.#context.left.aborted) throw new StepFailed("Stopped: whoever asked has left.");
      const told = await run();
      const ms = told.skipped === true ? 0 : rounded(told.ms ?? elapsed());
      const { message } = told;
      this.#steps.push(
        told.skipped === true
          ? { name, ok: true, ms, message, skipped: true }
          : { name, ok: true, ms, message },
      );
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      this.#failed = name;
      const ms = error.ms === undefined ? elapsed() : rounded(error.ms);
      this.#steps.push({ name, ok: false, ms, message: error.message });
    }
  }

  #passOver(name: StepName): void {
    const message = `Not run, since step "${this.#failed ?? ""}" failed.`;
    this.#steps.push({ name, ok: false, ms: 0, message, skipped: true });
  }
}

function skipped(message: string): Told {
  return { message, skipped: true };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
