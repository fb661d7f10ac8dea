// Which routes a Model API serves: defaults but the disabled, extra ones when they are switched on, those of one's own.
import { describe, expect, test } from "vitest";
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import { anyAnswer, startAnyUpstream } from "../support/any-answer.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { exchange, type Answer } from "../support/raw-client.ts";
import { routeServices } from "../support/route-scene.ts";

const keep = createKeeper();

interface Served {
  readonly gateway: Gateway;
  readonly paths: () => readonly string[];
}

/** A gateway with one Model API with these settings of routes. */
async function serve(row: Pick<DefaultRoute, "useCase" | "protocol">, routes: object): Promise<Served> {
  const upstream = keep(await startAnyUpstream());
  const gateway = keep(
    await startGateway({
      services: routeServices(upstream.url),
      modelApis: [
        {
          name: "api",
          useCase: row.useCase,
          protocols: [row.protocol],
          routes,
          modelService: { mode: "single", target: { service: row.protocol } },
        },
      ],
    }),
  );
  return { gateway, paths: () => upstream.requests.map(({ method, path }) => `${method} ${path}`) };
}

function ask(gateway: Gateway, method: string, path: string): Promise<Answer> {
  const body = method === "GET" || method === "DELETE" ? undefined : "{}";
  return exchange(gateway.port, { method, path, body });
}

/** A path that the row serves, its parameters filled in. */
function pathOf({ path, match }: DefaultRoute): string {
  if (match === "prefix" && path.endsWith("models")) return `${path}/m:countTokens`;
  return path.replaceAll(/\{\w+\}/g, "a");
}

const plainRows = defaultRoutes.filter((row) => row.websocket !== true);

describe(`${plainRows.length} default routes are off when they are disabled`, () => {
  test.each(plainRows)("$useCase $protocol $name", async (row) => {
    const enabled = row.beyondSeeds === true ? [row.name] : [];
    const { gateway, paths } = await serve(row, { enabled, disabled: [row.name] });
    const asked = [pathOf(row), ...(row.alias === undefined ? [] : [row.alias])];
    for (const method of row.methods) {
      for (const path of asked) {
        const answer = await ask(gateway, method, path);
        const { errorCode } = await gateway.record(answer.header("x-request-id"));
        expect([answer.status, errorCode]).toEqual([404, "route_not_found"]);
      }
    }
    expect(paths()).toEqual([]);
  });
});

const extraRows = defaultRoutes.filter((row) => row.beyondSeeds === true);

describe(`${extraRows.length} extra routes`, () => {
  test("are twelve", () => {
    expect(new Set(extraRows.map(({ name }) => name)).size).toBe(12);
  });

  test.each(extraRows.filter((row) => row.websocket !== true))(
    "$useCase $protocol $name is off until it is switched on",
    async (row) => {
      const [method = "GET"] = row.methods.toSorted((a) => (a === "POST" ? -1 : 1));
      const { gateway } = await serve(row, {});
      expect((await ask(gateway, method, pathOf(row))).status).toBe(404);
      const { gateway: open, paths } = await serve(row, { enabled: [row.name] });
      expect((await ask(open, method, pathOf(row))).status).toBe(200);
      expect(paths()).toEqual([`${method} ${pathOf(row)}`]);
    },
  );

  test("a WebSocket route that is off is not there", async () => {
    const row = { useCase: "text-generation", protocol: "openai" } as const;
    const { gateway } = await serve(row, {});
    expect((await ask(gateway, "GET", "/v1/realtime")).status).toBe(404);
    const { gateway: open } = await serve(row, { enabled: ["realtime"] });
    expect((await ask(open, "GET", "/v1/realtime")).status).toBe(426);
  });
});

const protocols = [
  { useCase: "others", protocol: "openai" },
  { useCase: "text-generation", protocol: "anthropic" },
  { useCase: "video-generation", protocol: "dashscope" },
  { useCase: "image-generation", protocol: "comfyui" },
  { useCase: "rerank", protocol: "vllm" },
  { useCase: "text-generation", protocol: "gemini" },
] as const;

/** What DashScope and Gemini put before a path that has no version. */
const versions: Readonly<Record<string, string>> = { dashscope: "/api/v1", gemini: "/v1beta" };

describe.each(protocols)("routes of one's own that speak $protocol", (row) => {
  const before = versions[row.protocol] ?? "";
  const cases = [
    {
      match: "exact",
      path: "/own/exact",
      yes: ["/own/exact", "/own/exact/", "/own/exact?q=%2F"],
      no: ["/own", "/own/exact/more", "/own/exac", "/Own/exact", "/own//exact"],
    },
    {
      match: "template",
      path: "/own/{id}/state",
      yes: ["/own/a/state", "/own/a:b%20c/state/", "/own/{id}/state"],
      no: ["/own/state", "/own/a/b/state", "/own//state", "/own/a/state/b"],
    },
    {
      match: "prefix",
      path: "/own/below",
      yes: ["/own/below", "/own/below/", "/own/below/a/b?c=d"],
      no: ["/own/belowx", "/own", "/own/Below/a"],
    },
  ] as const;

  test.each(cases)("$match", async ({ match, path, yes, no }) => {
    const custom = [{ name: "own", path, methods: ["GET", "POST"], match, protocol: row.protocol }];
    const { gateway, paths } = await serve(row, { custom });
    for (const asked of no) expect((await ask(gateway, "GET", asked)).status, asked).toBe(404);
    expect((await ask(gateway, "PUT", yes[0])).status).toBe(404);
    expect(paths()).toEqual([]);
    for (const method of ["GET", "POST"]) {
      for (const asked of yes) {
        const answer = await ask(gateway, method, asked);
        expect([answer.status, answer.text()], `${method} ${asked}`).toEqual([200, anyAnswer(asked)]);
        expect(paths().at(-1)).toBe(`${method} ${before}${asked}`);
      }
    }
    const records = gateway.records.filter(({ status }) => status === 200);
    expect(new Set(records.map(({ route, protocol }) => `${route} ${protocol}`))).toEqual(
      new Set([`own ${row.protocol}`]),
    );
  });
});
