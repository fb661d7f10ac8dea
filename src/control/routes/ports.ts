// What the admin API needs from the rest of the program, passed in by the composition root.
import type { Decision } from "../../core/exchange-record.ts";
import type { Clock } from "../../core/clock.ts";
import type { Configuration } from "../configuration.ts";
import type { ConsoleFiles } from "../console-files.ts";
import type { RandomBytes } from "../generated-key.ts";
import type { AlertEngine } from "../alerts/alert-engine.ts";
import type { QuotaBook } from "../quotas/quota-book.ts";
import type { RoutingPort } from "../routing/routing-port.ts";
import type { DebugPort } from "./debug-port.ts";
import type { DeliveryPort } from "./delivery-port.ts";
import type { JudgePort } from "./routing-judge-operations.ts";
import type { ModerationPort } from "./moderation-port.ts";
import type { ServiceTestPort } from "./service-test-port.ts";
import type { GuardedFetch } from "../../lib/guarded-fetch.ts";
import type { Cipher } from "../secret-forms.ts";
import type { Sessions } from "../sessions.ts";
import type { LastUses } from "../last-uses.ts";
import type { LogQuestions } from "../../telemetry/log-messages.ts";
import type { KeyStanding, ServiceStanding, StatusAnswer } from "./console-answers.ts";

/** One thing wrong in the text of a document. */
export interface TextIssue {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** Reads and writes configuration documents; never throws for a bad one. */
export interface DocumentPort {
  read(
    text: string,
    format: "json" | "yaml",
  ): Promise<{ readonly value: unknown } | { readonly issues: readonly TextIssue[] }>;
  /** Puts values in the place of references. */
  resolve(value: unknown): Promise<{
    readonly value: unknown;
    readonly issues: readonly { readonly path: string; readonly message: string }[];
  }>;
  toYaml(value: unknown): string;
}

/** A request that nobody has sent, as a client would send it. */
export interface ImaginedRequest {
  readonly method: string;
  /** With the base path, and a query if there is one. */
  readonly path: string;
  /** Flat: name, value; with Host. */
  readonly headers: readonly string[];
  /** Undefined: the body is not the question. */
  readonly body: string | undefined;
}

export interface Standings {
  readonly services: readonly ServiceStanding[];
  /** Those that are not ready. */
  readonly keys: readonly KeyStanding[];
}

/** The running program, as far as its state is told. */
export interface LivePort {
  readonly startedAtMs: number;
  readonly nodeName: string;
  readonly workers: number;
  /** Where clients call the data plane. */
  readonly gateway: StatusAnswer["gateway"];
  /** Exchanges that run now. */
  readonly inFlight: () => number;
  /** How services and keys stand; asked every few seconds by every open console. */
  readonly standings: () => Standings;
}

/** Records, roll-ups and counts of exchanges. Rejects when they cannot be asked now. */
export interface TelemetryPort {
  readonly ask: <Kind extends keyof LogQuestions>(
    kind: Kind,
    ask: LogQuestions[Kind]["ask"],
  ) => Promise<LogQuestions[Kind]["answer"]>;
}

/** What the operations need of the alerts that are watched. */
export type AlertPort = Pick<AlertEngine, "states" | "test">;

/** What the operations need of the quotas that are counted. */
export type QuotaPort = Pick<QuotaBook, "stateOf" | "shares" | "reset">;

export interface AdminApiPorts {
  readonly configuration: Configuration;
  readonly documents: DocumentPort;
  readonly sessions: Sessions;
  /** Seals what browsers carry to a provider and back. */
  readonly cipher: Cipher;
  /** Asks providers of identities. */
  readonly fetchProvider: GuardedFetch;
  /** When users came in last. */
  readonly signIns: LastUses;
  /** When tokens were used last. */
  readonly tokenUses: LastUses;
  /** Of the set-up link that is printed while nobody can sign in as owner: 256 random bits. */
  readonly setUpToken: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly newRequestId: () => string;
  /** `MOONGATE_ADMIN_TOKEN`, at least 32 characters: role owner. */
  readonly adminToken: string | null;
  /** `MOONGATE_METRICS_TOKEN`: `/metrics` alone. */
  readonly metricsToken: string | null;
  /** Printed on first run; works as owner until a first owner exists, and never beside an admin token. */
  readonly bootstrapToken: string | null;
  /** Whether every worker serves the newest snapshot, and which revision that is. */
  readonly readiness: () => { readonly ready: boolean; readonly revision: number };
  /** How the data plane would handle a request that is meant for this Model API; nothing is sent. */
  readonly explain: (
    api: string,
    request: ImaginedRequest,
  ) => Promise<
    object & { readonly takenBy?: string; readonly reason?: string; readonly decision?: Decision | null }
  >;
  readonly live: LivePort;
  readonly testService: ServiceTestPort;
  readonly testModeration: ModerationPort;
  /** Sends a request through the data plane, as a client would. */
  readonly debug: DebugPort;
  /** Answers that are kept for reuse. */
  readonly answers: { purge(api: string): Promise<void> };
  readonly telemetry: TelemetryPort;
  /** What mode intelligent learns. */
  readonly routing: RoutingPort;
  /** Jobs that judge answers to recorded prompts. */
  readonly judging: JudgePort;
  /** The alerts that are watched. */
  readonly alerts: AlertPort;
  /** What is used of quotas. */
  readonly quotas: QuotaPort;
  /** What goes to sinks. */
  readonly delivery: DeliveryPort;
  /** All metrics in Prometheus text format 0.0.4. */
  readonly metricsText: () => string | Promise<string>;
  /** Told of failures that are nobody's input error; must not throw. */
  readonly reportFailure: (error: unknown, requestId: string) => void;
  /** The built console; null when this installation has none. */
  readonly consoleFiles: ConsoleFiles | null;
  /** Of the program, for the OpenAPI document. */
  readonly version: string;
}
