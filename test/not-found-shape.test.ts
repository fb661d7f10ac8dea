// In whose shape a 404 is written: that of the Model API that comes nearest, else OpenAI's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { CaseProtocol } from "./support/protocol-cases.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { exchange } from "./support/raw-client.ts";

let gateway: Gateway;

beforeAll(async () => {
  const nowhere = "http://127.0.0.1:9";
  const to = (service: string) => ({ modelService: { mode: "single", target: { service } } });
  const both = [
    { protocol: "openai", baseUrl: nowhere },
    { protocol: "anthropic", baseUrl: nowhere },
  ];
  gateway = await startGateway({
    services: [
      serviceAt(nowhere, "openai", { name: "openai" }),
      serviceAt(nowhere, "anthropic", { name: "anthropic" }),
      serviceAt(nowhere, "openai", { name: "both", protocols: both }),
    ],
    modelApis: [
      apiOf("openai", { name: "chat", basePath: "/chat", ...to("openai") }),
      apiOf("anthropic", { name: "claude", basePath: "/claude", ...to("anthropic") }),
      apiOf("anthropic", { name: "inner", basePath: "/chat/inner", ...to("anthropic") }),
      apiOf("openai", { name: "both", basePath: "/both", protocols: ["openai", "anthropic"], ...to("both") }),
      apiOf("openai", {
        name: "turned",
        basePath: "/turned",
        protocols: ["anthropic", "openai"],
        ...to("both"),
      }),
    ],
  });
});

afterAll(() => gateway.close());

type Row = readonly [
  name: string,
  method: string,
  path: string,
  shape: CaseProtocol,
  headers: readonly HeaderLine[],
];

const version = [["anthropic-version", "2023-06-01"]] as const;

describe("a 404", () => {
  const rows: readonly Row[] = [
    ["below no API", "POST", "/elsewhere", "openai", []],
    ["below no API, to a client that speaks Anthropic", "POST", "/elsewhere", "openai", version],
    ["of an OpenAI API", "POST", "/chat/v1/nothing", "openai", []],
    ["of an OpenAI API, to a client that speaks Anthropic", "POST", "/chat/v1/nothing", "openai", version],
    ["of an Anthropic API", "POST", "/claude/v1/nothing", "anthropic", []],
    ["of the API with the longest base path", "POST", "/chat/inner/v1/nothing", "anthropic", []],
    ["of an API with both, on Anthropic's path", "GET", "/both/v1/messages", "anthropic", []],
    ["of an API with both, on OpenAI's path", "GET", "/turned/v1/chat/completions", "openai", []],
    ["of an API with both, on no route", "POST", "/both/v1/nothing", "openai", []],
    [
      "of an API with both, on no route, to a client that speaks Anthropic",
      "POST",
      "/both/v1/nothing",
      "anthropic",
      version,
    ],
    ["of an API with both, Anthropic first, on no route", "POST", "/turned/v1/nothing", "anthropic", []],
  ];

  test.each(rows)("%s", async (...[, method, path, protocol, headers]) => {
    const answer = await exchange(gateway.port, { method, path, headers });
    expectOwnError(answer, { protocol, status: 404, code: "route_not_found" });
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({
      status: 404,
      outcome: "client_error",
      errorCode: "route_not_found",
      path,
      method,
      attempts: [],
    });
  });
});
