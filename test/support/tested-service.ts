// A model service over HTTP that answers as a test says, and tests of it in short. Must not know the admin API.
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { systemClock } from "../../src/core/clock.ts";
import type { TestReport } from "../../src/gateway/service-test/report.ts";
import { testService } from "../../src/gateway/service-test/service-test.ts";
import type { ServiceTestOptions } from "../../src/gateway/service-test/test-context.ts";
import { parseResource } from "../../src/resources/registry.ts";
import { compileService } from "../../src/snapshot/compile-service.ts";
import type { Keep } from "./keeper.ts";

export const key = "sk-canary/0123456789";
export const modelList = JSON.stringify({ data: [{ id: "text-embedding-3" }, { id: "gpt-a" }] });
const answer = JSON.stringify({ choices: [{ message: { content: "H" }, finish_reason: "length" }] });

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Respond = (request: Seen, response: ServerResponse) => void;

export interface TestedService {
  readonly url: string;
  readonly seen: readonly Seen[];
}

async function listening(keep: Keep, server: Server & { closeAllConnections(): void }): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  keep({
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function answering(respond: Respond, seen: Seen[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const entry = { method, url, headers, body };
      seen.push(entry);
      respond(entry, response);
    });
  };
}

/** What is started lives as long as what `keep` keeps. */
export async function startTested(keep: Keep, respond: Respond): Promise<TestedService> {
  const seen: Seen[] = [];
  const port = await listening(keep, createHttpServer(answering(respond, seen)));
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** A healthy one behind TLS, on localhost. */
export async function startTestedTls(
  keep: Keep,
  identity: { readonly cert: string; readonly key: string },
): Promise<string> {
  const port = await listening(keep, createHttpsServer(identity, answering(healthy, [])));
  return `https://localhost:${port}`;
}

export const healthy: Respond = ({ method }, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(method === "GET" ? modelList : answer);
};

export const says =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Respond =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

/** The first for GET, the other for the call. */
export const byMethod =
  (get: Respond, post: Respond): Respond =>
  (request, response) =>
    (request.method === "GET" ? get : post)(request, response);

export async function run(
  fields: object,
  options: Partial<ServiceTestOptions> = {},
  left = new AbortController().signal,
): Promise<TestReport> {
  const parsed = parseResource("services", { name: "s", provider: "openai-compatible", ...fields });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const given = {
    networks: "private" as const,
    simulatorUrl: "http://127.0.0.1:1",
    clock: systemClock,
    deadlines: { listMs: 10_000, callMs: 10_000 },
    ...options,
  };
  return testService(compileService(parsed.value), given, left);
}

export const withKey = (baseUrl: string) => ({ baseUrl, apiKeys: [{ name: "main", value: key }] });

/** Steps in short: `+` passed, `-` failed, `.` not needed, `x` not run. */
export function course({ steps }: TestReport): string {
  const mark = ({ ok, skipped }: TestReport["steps"][number]): string =>
    skipped === true ? (ok ? "." : "x") : ok ? "+" : "-";
  return steps.map((step) => mark(step) + step.name).join(" ");
}

export function faultOf({ steps }: TestReport): string {
  return steps.find(({ ok }) => !ok)?.message ?? "";
}
