// Every setting: its default, what it accepts and what it refuses.
import { describe, expect, test } from "vitest";
import { readSettings, settingHelp, type SettingProblem, type Settings } from "./settings.ts";

const surroundings = { workingDir: "/srv/gateway", cpuCount: 4 };

function read(env: Record<string, string>, flags = {}) {
  return readSettings(env, flags, surroundings);
}

function settingsOf(env: Record<string, string>, flags = {}): Settings {
  const result = read(env, flags);
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.settings;
}

function problemsOf(env: Record<string, string>, flags = {}): readonly SettingProblem[] {
  const result = read(env, flags);
  return "problems" in result ? result.problems : [];
}

const key = Buffer.alloc(32, 7).toString("base64");
const token = "a-token-of-at-least-32-characters";

test("an empty environment gives the defaults", () => {
  expect(settingsOf({})).toEqual({
    gatewayHost: "0.0.0.0",
    gatewayPort: 8080,
    gatewayTlsPort: 8443,
    consoleHost: "127.0.0.1",
    consolePort: 8081,
    dataDir: "/srv/gateway/data",
    configFile: null,
    modelsFile: null,
    demo: true,
    masterKey: null,
    adminToken: null,
    metricsToken: null,
    adminPassword: null,
    workers: 4,
    drainTimeoutMs: 30_000,
    cacheMaxBytes: 268_435_456,
    upstreamNetworks: "private",
    fetchNetworks: "public",
    trustedProxies: [],
    logLevel: "info",
  });
});

test("an empty variable counts as not set", () => {
  const empty = Object.fromEntries(settingHelp.map(({ variable }) => [variable, ""]));
  expect(settingsOf(empty)).toEqual(settingsOf({}));
});

const accepted: [string, Record<string, string>, Partial<Settings>][] = [
  ["an IPv6 address in brackets", { MOONGATE_GATEWAY_HOST: "[::1]" }, { gatewayHost: "::1" }],
  ["a host name", { MOONGATE_CONSOLE_HOST: "localhost" }, { consoleHost: "localhost" }],
  [
    "any free port, twice",
    { MOONGATE_GATEWAY_PORT: "0", MOONGATE_CONSOLE_PORT: "0" },
    { gatewayPort: 0, consolePort: 0 },
  ],
  ["a TLS port", { MOONGATE_GATEWAY_TLS_PORT: "9443" }, { gatewayTlsPort: 9443 }],
  ["a relative data folder", { MOONGATE_DATA_DIR: "var/moon" }, { dataDir: "/srv/gateway/var/moon" }],
  ["an absolute data folder", { MOONGATE_DATA_DIR: "/var/moon" }, { dataDir: "/var/moon" }],
  ["a configuration file", { MOONGATE_CONFIG: "gateway.yaml" }, { configFile: "/srv/gateway/gateway.yaml" }],
  ["no demo", { MOONGATE_DEMO: "off" }, { demo: false }],
  ["a master key", { MOONGATE_MASTER_KEY: key }, { masterKey: new Uint8Array(32).fill(7) }],
  [
    "a master key without padding",
    { MOONGATE_MASTER_KEY: key.slice(0, -1) },
    { masterKey: new Uint8Array(32).fill(7) },
  ],
  ["an admin token", { MOONGATE_ADMIN_TOKEN: token }, { adminToken: token }],
  ["a metrics token", { MOONGATE_METRICS_TOKEN: "m" }, { metricsToken: "m" }],
  ["workers", { MOONGATE_WORKERS: "1" }, { workers: 1 }],
  ["no drain", { MOONGATE_DRAIN_TIMEOUT_MS: "0" }, { drainTimeoutMs: 0 }],
  ["public upstreams only", { MOONGATE_UPSTREAM_NETWORKS: "public" }, { upstreamNetworks: "public" }],
  ["private fetches", { MOONGATE_FETCH_NETWORKS: "private" }, { fetchNetworks: "private" }],
  [
    "trusted proxies",
    { MOONGATE_TRUSTED_PROXIES: "10.0.0.0/8, ::1" },
    { trustedProxies: ["10.0.0.0/8", "::1"] },
  ],
  ["a log level", { MOONGATE_LOG_LEVEL: "debug" }, { logLevel: "debug" }],
  ["the role all", { MOONGATE_ROLE: "all" }, {}],
  [
    "one port on two addresses",
    { MOONGATE_GATEWAY_HOST: "127.0.0.2", MOONGATE_GATEWAY_PORT: "9000", MOONGATE_CONSOLE_PORT: "9000" },
    { gatewayPort: 9000, consolePort: 9000 },
  ],
];

test.each(accepted)("accepts %s", (_name, env, expected) => {
  expect(settingsOf(env)).toMatchObject(expected);
});

const refused: [string, Record<string, string>, RegExp][] = [
  ["a port that is no number", { MOONGATE_GATEWAY_PORT: "http" }, /"http".*whole number from 0 to 65535/],
  ["a port over the range", { MOONGATE_CONSOLE_PORT: "65536" }, /0 to 65535/],
  ["a port with a sign", { MOONGATE_CONSOLE_PORT: "+80" }, /whole number/],
  ["a port that Kubernetes set", { MOONGATE_GATEWAY_PORT: "tcp://10.0.0.1:8080" }, /enableServiceLinks/],
  ["a host with a port", { MOONGATE_GATEWAY_HOST: "0.0.0.0:8080" }, /IP address or a host name/],
  ["a host with a scheme", { MOONGATE_CONSOLE_HOST: "http://localhost" }, /without scheme/],
  ["a broken IPv4 address", { MOONGATE_CONSOLE_HOST: "127.0.0.256" }, /IP address/],
  ["a demo that is neither on nor off", { MOONGATE_DEMO: "false" }, /on or off/],
  ["a short master key", { MOONGATE_MASTER_KEY: "c2hvcnQ=" }, /has 5 bytes; it must be 32/],
  ["a master key in hex", { MOONGATE_MASTER_KEY: "0f".repeat(32) }, /48 bytes/],
  ["a master key that is no base64", { MOONGATE_MASTER_KEY: "not base64!" }, /not base64/],
  ["a short admin token", { MOONGATE_ADMIN_TOKEN: "short" }, /has 5 characters.*at least 32/],
  ["an admin token with a space", { MOONGATE_ADMIN_TOKEN: `${token} x` }, /visible ASCII/],
  ["no workers", { MOONGATE_WORKERS: "0" }, /1 to 256/],
  ["a drain time with a unit", { MOONGATE_DRAIN_TIMEOUT_MS: "30s" }, /whole number/],
  ["an unknown network policy", { MOONGATE_UPSTREAM_NETWORKS: "all" }, /private or public/],
  ["an unknown log level", { MOONGATE_LOG_LEVEL: "trace" }, /error or warn or info or debug/],
  ["a database, not served", { MOONGATE_DATABASE_URL: "postgres://u:p@h/d" }, /does not serve/],
  ["Redis, not served", { MOONGATE_REDIS_URL: "redis://h" }, /does not serve/],
  ["a role, not served", { MOONGATE_ROLE: "data" }, /does not serve/],
  ["a control URL, not served", { MOONGATE_CONTROL_URL: "http://h" }, /does not serve/],
  ["a short password", { MOONGATE_ADMIN_PASSWORD: "123456789" }, /at least 10 characters/],
  ["a connection cap, not served", { MOONGATE_MAX_CONNECTIONS_PER_IP: "9" }, /does not serve/],
  ["a trusted proxy by name", { MOONGATE_TRUSTED_PROXIES: "10.0.0.1, proxy" }, /"proxy".*10\.0\.0\.0\/8/],
  ["an unknown policy of fetches", { MOONGATE_FETCH_NETWORKS: "none" }, /private or public/],
  ["a node token, not served", { MOONGATE_NODE_TOKEN: "t" }, /does not serve/],
];

describe("refuses", () => {
  test.each(refused)("%s", (_name, env, message) => {
    const [variable = ""] = Object.keys(env);
    expect(problemsOf(env)).toEqual([{ variable, message: expect.stringMatching(message) }]);
  });

  test("one port for data plane and console", () => {
    const problems = problemsOf({ MOONGATE_GATEWAY_PORT: "9000", MOONGATE_CONSOLE_PORT: "9000" });
    expect(problems).toMatchObject([{ variable: "MOONGATE_CONSOLE_PORT" }]);
  });

  test("several things at once, each named", () => {
    const problems = problemsOf({ MOONGATE_WORKERS: "x", MOONGATE_DEMO: "x", MOONGATE_ROLE: "data" });
    expect(problems.map(({ variable }) => variable)).toEqual([
      "MOONGATE_ROLE",
      "MOONGATE_DEMO",
      "MOONGATE_WORKERS",
    ]);
  });
});

test.each([
  ["MOONGATE_MASTER_KEY", "secret-value"],
  ["MOONGATE_ADMIN_TOKEN", "secret-value"],
  ["MOONGATE_METRICS_TOKEN", "secret value"],
  ["MOONGATE_NODE_TOKEN", "secret-value"],
  ["MOONGATE_DATABASE_URL", "postgres://secret-value"],
])("the problem with %s does not repeat its value", (variable, value) => {
  expect(problemsOf({ [variable]: value })).not.toEqual([]);
  expect(JSON.stringify(problemsOf({ [variable]: value }))).not.toContain("value");
});

describe("--config", () => {
  test("goes before MOONGATE_CONFIG", () => {
    const settings = settingsOf({ MOONGATE_CONFIG: "a.yaml" }, { config: "b.yaml" });
    expect(settings.configFile).toBe("/srv/gateway/b.yaml");
  });

  test("is refused when empty", () => {
    expect(problemsOf({}, { config: "" })).toMatchObject([{ variable: "--config" }]);
  });
});
