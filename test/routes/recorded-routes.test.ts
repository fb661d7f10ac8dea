// Recorded answers of real services through every default route that they were recorded at: byte for byte, however they
// are cut, with the usage that was counted from them by hand.
import { describe, expect, test } from "vitest";
import figures from "../../src/protocols/golden/recorded-usage.json" with { type: "json" };
import { startGateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { named } from "../support/named.ts";
import { exchange, type RequestParts } from "../support/raw-client.ts";
import { recordedRoutes, type RecordedRoute } from "../support/recorded-routes.ts";
import { startReplayUpstream } from "../support/replay-upstream.ts";
import { basePathOf, routeApis, routeServices } from "../support/route-scene.ts";

const keep = createKeeper();

interface Figures {
  readonly in: number;
  readonly out: number;
  readonly cached?: number;
  readonly written?: number;
  readonly reasoning?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly searches?: number;
}

function countedUsage({ name, row }: RecordedRoute): object | null {
  const counted: Figures | undefined = figures.find((each) => each.name === name)?.usage;
  if (counted === undefined) return null;
  const { in: inputTokens, out: outputTokens, cached = 0, written = 0, reasoning = 0, ...units } = counted;
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: reasoning,
    // What a request orders, where its answer does not tell.
    ...(row.name === "rerank" ? { searches: 1 } : {}),
    ...units,
    estimated: false,
  };
}

/** What the gateway makes of a status: its own key's refusal is not the client's. */
function expectedStatus({ name, status }: RecordedRoute): number | "an error" {
  if (status === 401) return 502;
  const what = figures.find((each) => each.name === name)?.what;
  return what === "error in a stream" ? "an error" : status;
}

/** The recorded answer that told of a task, if there is one. */
function creationOf({ row, path }: RecordedRoute): RecordedRoute | undefined {
  if (row.name !== "tasks") return undefined;
  const id = path.split("/")[4] ?? "";
  return recordedRoutes.find(
    (each) => each.row.name !== "tasks" && id !== "" && each.body.includes(`"${id}"`),
  );
}

function requestOf(recorded: RecordedRoute): RequestParts {
  return {
    method: recorded.method,
    path: basePathOf(recorded.row) + recorded.path,
    headers: [
      ...(recorded.requestType === undefined ? [] : [["content-type", recorded.requestType] as const]),
      ...(recorded.asksForEvents ? [["x-dashscope-sse", "enable"] as const] : []),
      ...(recorded.row.protocol === "anthropic" ? [["anthropic-version", "2023-06-01"] as const] : []),
    ],
    body: recorded.request,
  };
}

describe(`${recordedRoutes.length} recorded answers`, () => {
  test.each(named(recordedRoutes))("%s", async (_name, recorded) => {
    const upstream = keep(await startReplayUpstream());
    const gateway = keep(
      await startGateway({
        // DashScope speaks OpenAI's protocol below a path of its own.
        services: routeServices(upstream.url).map((service) =>
          recorded.name.startsWith("dashscope-compat") && service["name"] === "openai"
            ? { ...service, provider: "dashscope" }
            : service,
        ),
        modelApis: routeApis("as asked", { retries: { max: 0 }, fallback: { enabled: false } }),
      }),
    );
    const creation = creationOf(recorded);
    if (creation !== undefined) {
      upstream.play(creation, "whole");
      await exchange(gateway.port, requestOf(creation));
    }
    let isFirst = true;
    // After a 429 the key rests.
    for (const cutting of recorded.status === 429 ? (["random"] as const) : (["random", "1 byte"] as const)) {
      upstream.play(recorded, cutting);
      const answer = await exchange(gateway.port, requestOf(recorded));
      const record = await gateway.record(answer.header("x-request-id"));
      const request = upstream.requests.at(-1);
      const prefix = recorded.name.startsWith("dashscope-compat") ? "/compatible-mode" : "";
      expect([request?.method, request?.path]).toEqual([recorded.method, prefix + recorded.path]);
      expect(request?.body.equals(recorded.request ?? Buffer.alloc(0))).toBe(true);
      expect(record).toMatchObject({ route: recorded.row.name, upstreamStatus: recorded.status });
      const status = expectedStatus(recorded);
      if (status === "an error") {
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(record.attempts).toMatchObject([{ reason: "error-in-200" }]);
        continue;
      }
      expect(answer.status).toBe(status);
      if (recorded.status === 401) continue;
      expect(answer.text()).toBe(recorded.body.toString("utf8"));
      expect(answer.body.equals(recorded.body)).toBe(true);
      expect(answer.header("content-type")).toBe(recorded.contentType);
      // What a task used is counted once, and only for a task that was made through the gateway.
      const isCounted = recorded.row.name !== "tasks" || (isFirst && creation !== undefined);
      isFirst = false;
      const counted = recorded.status < 400 && isCounted ? countedUsage(recorded) : null;
      if (counted === null)
        expect([null, { estimated: true }]).toContainEqual(
          record.usage && { estimated: record.usage.estimated },
        );
      else expect(record.usage).toMatchObject(counted);
    }
  });
});
