// What the environment and the command line say, checked as a whole before anything starts. Pure: opens no file and no
// socket, and knows no part of the program.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  SettingError,
  base64Key,
  choice,
  headerToken,
  hostName,
  networkNames,
  notServed,
  password,
  wholeNumber,
} from "./setting-values.ts";

export type NetworkPolicy = "private" | "public";
export type LogLevel = "error" | "warn" | "info" | "debug";

/** Everything that can be set from outside. `null` = not set. */
export interface Settings {
  readonly gatewayHost: string;
  /** 0 = any free port, for tests. */
  readonly gatewayPort: number;
  /** Opened when a certificate exists. */
  readonly gatewayTlsPort: number;
  readonly consoleHost: string;
  readonly consolePort: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; null = not started from a file. */
  readonly configFile: string | null;
  /** What the administrator says of models. Absolute; null = nothing but what ships. */
  readonly modelsFile: string | null;
  readonly demo: boolean;
  /** 32 bytes; null = kept in a file of the data folder. */
  readonly masterKey: Uint8Array | null;
  readonly adminToken: string | null;
  readonly metricsToken: string | null;
  /** Of user `admin`, who is made with it while there is no user. */
  readonly adminPassword: string | null;
  readonly workers: number;
  readonly drainTimeoutMs: number;
  /** Of answers that are kept for reuse. */
  readonly cacheMaxBytes: number;
  /** For addresses that an administrator sets. */
  readonly upstreamNetworks: NetworkPolicy;
  readonly fetchNetworks: NetworkPolicy;
  /** Proxies whose word about the client's address is believed. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

/** What the settings depend on besides the environment. */
export interface Surroundings {
  /** Relative paths count from here. */
  readonly workingDir: string;
  readonly cpuCount: number;
}

/** Command-line options that override a variable. */
export interface SettingFlags {
  readonly config?: string | undefined;
}

/** One thing that is wrong: `variable` is a variable or an option, `message` says what and how to mend it. */
export interface SettingProblem {
  readonly variable: string;
  readonly message: string;
}

type Parse<T> = (text: string, surroundings: Surroundings) => T;

/** What holds when a variable is not set, and how a reader is told. */
interface Default<T> {
  readonly text: string;
  readonly value: (surroundings: Surroundings) => T;
}

interface SettingRow<T> {
  readonly variable: string;
  readonly whenUnset: Default<T>;
  readonly meaning: string;
  readonly parse: Parse<T>;
}

const port = wholeNumber(0, 65_535);
const networks = choice<NetworkPolicy>(["private", "public"]);
const path: Parse<string> = (text, { workingDir }) => resolve(workingDir, text);

function row<T>(variable: string, whenUnset: Default<T>, meaning: string, parse: Parse<T>): SettingRow<T> {
  return { variable, whenUnset, meaning, parse };
}

function fixed<T extends string | number>(value: T): Default<T> {
  return { text: String(value), value: () => value };
}

const unset: Default<null> = { text: "-", value: () => null };

/** One row per setting, in the order in which a reader wants them. */
const settingTable: { readonly [Name in keyof Settings]: SettingRow<Settings[Name]> } = {
  gatewayHost: row("MOONGATE_GATEWAY_HOST", fixed("0.0.0.0"), "address of the data plane", hostName),
  gatewayPort: row("MOONGATE_GATEWAY_PORT", fixed(8080), "port of the data plane, HTTP", port),
  gatewayTlsPort: row(
    "MOONGATE_GATEWAY_TLS_PORT",
    fixed(8443),
    "port of the data plane, HTTPS; opened when a certificate exists",
    port,
  ),
  consoleHost: row(
    "MOONGATE_CONSOLE_HOST",
    fixed("127.0.0.1"),
    "address of the admin API, console, metrics and health checks",
    hostName,
  ),
  consolePort: row("MOONGATE_CONSOLE_PORT", fixed(8081), "port of the same", port),
  dataDir: row(
    "MOONGATE_DATA_DIR",
    { text: "./data", value: ({ workingDir }) => resolve(workingDir, "data") },
    "folder of the store, keys, logs and last good snapshot",
    path,
  ),
  configFile: row<string | null>(
    "MOONGATE_CONFIG",
    unset,
    "configuration file to start from and watch",
    path,
  ),
  modelsFile: row<string | null>(
    "MOONGATE_MODELS_FILE",
    unset,
    "file with model and price data beside or in place of what ships; watched",
    path,
  ),
  demo: row(
    "MOONGATE_DEMO",
    { text: "on", value: () => true },
    "off: no demo objects on an empty data folder",
    (text) => choice(["on", "off"])(text) === "on",
  ),
  masterKey: row<Uint8Array | null>(
    "MOONGATE_MASTER_KEY",
    { text: "a file in the data folder", value: () => null },
    "32 bytes, base64: encrypts secrets at rest",
    base64Key(32),
  ),
  adminToken: row<string | null>(
    "MOONGATE_ADMIN_TOKEN",
    unset,
    "bearer token with role owner, for automation; at least 32 characters",
    headerToken(32),
  ),
  metricsToken: row<string | null>(
    "MOONGATE_METRICS_TOKEN",
    unset,
    "bearer token for /metrics alone",
    headerToken(1),
  ),
  adminPassword: row<string | null>(
    "MOONGATE_ADMIN_PASSWORD",
    unset,
    "password of user admin, who is created with it while no user exists; 10 to 256 characters; else the start prints a set-up link",
    password,
  ),
  workers: row(
    "MOONGATE_WORKERS",
    { text: "number of CPUs", value: ({ cpuCount }) => cpuCount },
    "worker threads of the data plane",
    wholeNumber(1, 256),
  ),
  drainTimeoutMs: row(
    "MOONGATE_DRAIN_TIMEOUT_MS",
    fixed(30_000),
    "how long running requests may take to finish after SIGTERM or SIGINT",
    wholeNumber(0, 86_400_000),
  ),
  cacheMaxBytes: row(
    "MOONGATE_CACHE_MAX_BYTES",
    fixed(268_435_456),
    "memory for answers that are kept for reuse, bytes; the ones that nobody asks for go first",
    wholeNumber(1_048_576, 1_099_511_627_776),
  ),
  upstreamNetworks: row<NetworkPolicy>(
    "MOONGATE_UPSTREAM_NETWORKS",
    fixed("private"),
    "addresses that an administrator sets: private allows loopback and private ranges, public refuses them",
    networks,
  ),
  fetchNetworks: row<NetworkPolicy>(
    "MOONGATE_FETCH_NETWORKS",
    fixed("public"),
    "addresses that clients name, such as images that a service takes as bytes only: public refuses loopback and private ranges, private allows them",
    networks,
  ),
  trustedProxies: row<readonly string[]>(
    "MOONGATE_TRUSTED_PROXIES",
    { text: "none", value: () => [] },
    "addresses and networks of proxies, separated by commas, whose x-forwarded-for is believed",
    networkNames,
  ),
  logLevel: row<LogLevel>(
    "MOONGATE_LOG_LEVEL",
    fixed("info"),
    "operational log on stderr: error, warn, info or debug",
    choice<LogLevel>(["error", "warn", "info", "debug"]),
  ),
};

/** Variables of parts that this build does not serve: accepted at their default only. */
export const notServedTable = [
  {
    variable: "MOONGATE_DATABASE_URL",
    allowed: "",
    remedy: "the embedded store in MOONGATE_DATA_DIR is used",
  },
  { variable: "MOONGATE_REDIS_URL", allowed: "", remedy: "counters are kept in this process" },
  { variable: "MOONGATE_ROLE", allowed: "all", remedy: "one process runs control plane and data plane" },
  { variable: "MOONGATE_CONTROL_URL", allowed: "", remedy: "it belongs to the role data" },
  { variable: "MOONGATE_NODE_TOKEN", allowed: "", remedy: "it belongs to the role data" },
  {
    variable: "MOONGATE_MAX_CONNECTIONS_PER_IP",
    allowed: "",
    remedy: "let a proxy in front of the gateway cap connections",
  },
] as const;

/** The variables for a help text, one row each. */
export const settingHelp: readonly { variable: string; defaultText: string; meaning: string }[] =
  Object.values<SettingRow<unknown>>(settingTable).map(({ variable, whenUnset, meaning }) => ({
    variable,
    defaultText: whenUnset.text,
    meaning,
  }));

/**
 * Reads and checks all settings. An empty variable counts as not set.
 * @returns the settings, or every problem found; messages never hold the value of a secret.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  flags: SettingFlags = {},
  surroundings: Surroundings = { workingDir: process.cwd(), cpuCount: availableParallelism() },
): { readonly settings: Settings } | { readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const attempt = <T>(variable: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      problems.push({ variable, message: error.message });
      return undefined;
    }
  };

  for (const { variable, allowed, remedy } of notServedTable) {
    attempt(variable, () => notServed(env[variable] ?? "", allowed, remedy));
  }
  const values = Object.entries<SettingRow<unknown>>(settingTable).map(([name, setting]) => {
    const flag = name === "configFile" ? flags.config : undefined;
    const text = flag ?? env[setting.variable] ?? "";
    const variable = flag === undefined ? setting.variable : "--config";
    if (flag === "") problems.push({ variable, message: "is empty; name a file, or leave the option out" });
    const read = () =>
      text === "" ? setting.whenUnset.value(surroundings) : setting.parse(text, surroundings);
    return [name, attempt(variable, read)] as const;
  });
  // Decoder: the table has exactly the names of Settings, and each row yields its type or has added a problem.
  const settings = Object.fromEntries(values) as unknown as Settings;
  if (problems.length === 0) problems.push(...portClash(settings));
  return problems.length > 0 ? { problems } : { settings };
}

const wildcards = new Set(["0.0.0.0", "::"]);

/** The data plane and the console cannot share a port unless each has an address of its own. */
function portClash(settings: Settings): SettingProblem[] {
  const { gatewayHost, gatewayPort, consoleHost, consolePort } = settings;
  if (gatewayPort !== consolePort || gatewayPort === 0) return [];
  const apart = gatewayHost !== consoleHost && !wildcards.has(gatewayHost) && !wildcards.has(consoleHost);
  if (apart) return [];
  const message = `is ${consolePort}, the port of the data plane (MOONGATE_GATEWAY_PORT); choose another port`;
  return [{ variable: "MOONGATE_CONSOLE_PORT", message }];
}
