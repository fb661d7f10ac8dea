// The whole program before a simulator of this process, which tells what it counted itself. Must not know what is sent.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogItem, LogPage } from "../../src/telemetry/log-answers.ts";
import type { ServedRequest } from "../../src/simulator/exchange.ts";
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { countedRequests } from "./accounting-rows.ts";
import { draw } from "../../bench/lab/random.ts";
import { Changes } from "./changes.ts";
import { startProcess, type GatewayProcess } from "./gateway-process.ts";

export const countedPrice = { input: 0.5, output: 2 };

/** A base path with its service, and where it falls back to. */
export interface CountedBase {
  readonly name: string;
  readonly simulator?: Readonly<Record<string, unknown>>;
  readonly fallback?: string;
}

const pairs = [
  ...new Set(
    countedRequests
      .filter(({ tells }) => tells !== "no tokens")
      .map(({ useCase, protocol }) => `${useCase}/${protocol}`),
  ),
];
const ownRoutes: Readonly<Record<string, readonly string[]>> = {
  "text-generation/openai": ["responses"],
  "text-generation/dashscope": ["dashscope-text-generation"],
  "text-generation/gemini": ["gemini-models"],
};

function documentOf(bases: readonly CountedBase[], simulatorUrl: string): object {
  return {
    version: 1,
    services: bases.map(({ name, simulator }) => ({
      name,
      provider: "simulator",
      baseUrl: simulatorUrl,
      models: [{ name: "counted-model", price: countedPrice }],
      ...(simulator === undefined ? {} : { simulator }),
    })),
    modelApis: bases.flatMap(({ name, fallback }) =>
      pairs.map((pair) => {
        const [useCase = "", protocol = ""] = pair.split("/");
        return {
          name: `${name}-${pair.replace("/", "-")}`,
          useCase,
          protocols: [protocol],
          basePath: `/${name}/${pair}`,
          stripBasePath: true,
          routes: { enabled: ownRoutes[pair] ?? [] },
          modelService: { mode: "single", target: { service: name } },
          firstPacketTimeoutMs: 2_000,
          retries: { max: 0 },
          ...(fallback === undefined ? {} : { fallback: { targets: [{ service: fallback }] } }),
        };
      }),
    ),
  };
}

/** What the simulator has taken and counted, by trace. */
class Account {
  readonly served = new Map<string, ServedRequest[]>();
  readonly taken = new Set<string>();
  readonly changes = new Changes();

  take(traceparent = ""): void {
    this.taken.add(traceIn(traceparent));
    this.changes.notify();
  }

  serve(entry: ServedRequest): void {
    const trace = traceIn(entry.traceparent ?? "");
    this.served.set(trace, [...(this.served.get(trace) ?? []), entry]);
  }
}

export class CountedProgram {
  readonly #account: Account;
  readonly #folder: string;
  readonly #simulator: Simulator;
  program: GatewayProcess;

  private constructor(account: Account, folder: string, simulator: Simulator, program: GatewayProcess) {
    this.#account = account;
    this.#folder = folder;
    this.#simulator = simulator;
    this.program = program;
  }

  /** @param seed of the simulator's luck */
  static async start(bases: readonly CountedBase[], seed: number): Promise<CountedProgram> {
    const folder = mkdtempSync(join(tmpdir(), "counted-"));
    const account = new Account();
    let drawn = 0;
    const simulator = await startSimulator({
      port: 0,
      random: () => {
        drawn += 1;
        return draw(seed, drawn);
      },
      onTaken: (traceparent) => account.take(traceparent),
      onServed: (entry) => account.serve(entry),
    });
    writeFileSync(join(folder, "gateway.json"), JSON.stringify(documentOf(bases, simulator.url)));
    return new CountedProgram(account, folder, simulator, await startIn(folder));
  }

  /** What the simulator counted of a trace. */
  served(traceId: string): readonly ServedRequest[] {
    return this.#account.served.get(traceId) ?? [];
  }

  /** Resolves when the simulator has a request of this trace. */
  async untilTaken(traceId: string): Promise<void> {
    const { changes, taken } = this.#account;
    await changes.until(() => (taken.has(traceId) ? true : undefined));
  }

  /** Starts the program again on the same data folder. */
  async restart(): Promise<void> {
    await this.program.exited();
    this.program = await startIn(this.#folder);
  }

  /** Every record that the program tells, page by page. */
  async records(): Promise<readonly LogItem[]> {
    const items: LogItem[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: LogPage = await this.#get(`/logs?limit=500${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** The same, once there are so many, or more. */
  async recordsOf(count: number): Promise<readonly LogItem[]> {
    for (;;) {
      const { total } = await this.#get<LogPage>("/logs?limit=1&facets=outcome");
      if ((total ?? 0) >= count) return this.records();
    }
  }

  /** The sum of a metric over all that was ever counted. */
  async total(metric: string): Promise<number> {
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const answer = await this.#get<{
      readonly metrics: readonly { readonly series: readonly { readonly total: number | null }[] }[];
    }>(`/metrics/query?name=${metric}&from=${from}`);
    return answer.metrics[0]?.series[0]?.total ?? 0;
  }

  async #get<Answer>(path: string): Promise<Answer> {
    const answer = await this.program.admin("GET", path);
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status} ${await answer.text()}`);
    // What the admin API's own tests hold it to.
    return (await answer.json()) as Answer;
  }

  async close(): Promise<void> {
    await this.program.close();
    await this.#simulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function startIn(folder: string): Promise<GatewayProcess> {
  return startProcess({
    words: ["--config", join(folder, "gateway.json")],
    dataDir: join(folder, "data"),
    env: { MOONGATE_UPSTREAM_NETWORKS: "private", MOONGATE_WORKERS: "2" },
  });
}

function traceIn(traceparent: string): string {
  return traceparent.slice(3, 35);
}
