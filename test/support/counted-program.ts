// The whole program before a simulator of this process, which tells what it counted itself. Must not know what is sent.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServedRequest } from "../../src/simulator/exchange.ts";
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { tokenRequests } from "./accounting-rows.ts";
import { draw } from "../../bench/lab/random.ts";
import { Changes } from "./changes.ts";
import { startProcess, type GatewayProcess } from "./gateway-process.ts";
import { ToldRecords } from "./told-records.ts";

export const countedPrice = { input: 0.5, output: 2 };

/** A base path with its service, and where it falls back to. */
export interface CountedBase {
  readonly name: string;
  readonly simulator?: Readonly<Record<string, unknown>>;
  readonly fallback?: string;
}

const pairs = [...new Set(tokenRequests.map(({ useCase, protocol }) => `${useCase}/${protocol}`))];
const ownRoutes: Readonly<Record<string, readonly string[]>> = {
  "text-generation/openai": ["responses"],
  "text-generation/dashscope": ["dashscope-text-generation"],
  "text-generation/gemini": ["gemini-models"],
};

/** @param simulatorUrl without one, the program's own simulator */
export function countedDocument(bases: readonly CountedBase[], simulatorUrl?: string): object {
  return {
    version: 1,
    services: bases.map(({ name, simulator }) => ({
      name,
      provider: "simulator",
      ...(simulatorUrl === undefined ? {} : { baseUrl: simulatorUrl }),
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
  readonly told = new ToldRecords((path) => this.program.admin("GET", path));

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
    writeFileSync(join(folder, "gateway.json"), JSON.stringify(countedDocument(bases, simulator.url)));
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
