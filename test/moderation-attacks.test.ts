// Ways to bring forbidden words past the checks of a request, each by its name: none of them reaches the service.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { contents, gemini, json, said } from "./support/attack-bodies.ts";
import { jsonAttacks } from "./support/attack-rows-json.ts";
import { otherAttacks } from "./support/attack-rows-other.ts";
import { serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer, type RequestParts } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

const checks = [
  { name: "words", type: "keywords", keywords: ["forbidden fruit", "verboten"] },
  { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example" },
];
const policy = { enabled: true, checks };

interface Scene {
  readonly gateway: Gateway;
  /** How many requests the service got. */
  readonly count: () => number;
}

async function scene(moderation: Readonly<Record<string, unknown>> = policy): Promise<Scene> {
  let count = 0;
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        count += 1;
        connection.socket.write(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        );
      },
    }),
  );
  const modelService = { mode: "single", target: { service: "up" } };
  const gateway = keep(
    await startGateway({
      services: [
        serviceAt(upstream.url, "openai", {
          protocols: [
            { protocol: "openai", baseUrl: upstream.url },
            { protocol: "anthropic", baseUrl: upstream.url },
            { protocol: "gemini", baseUrl: upstream.url },
            { protocol: "openai-responses", baseUrl: upstream.url },
          ],
        }),
      ],
      modelApis: [
        {
          name: "chat",
          useCase: "text-generation",
          protocols: ["openai", "anthropic", "gemini"],
          routes: {
            enabled: ["responses", "create-completion", "anthropic-files", "gemini-models"],
            custom: [{ name: "own", path: "/own", match: "prefix", methods: ["GET", "POST"] }],
          },
          modelService,
          moderation,
          retries: { max: 0 },
        },
        {
          name: "vectors",
          useCase: "embedding",
          protocols: ["openai"],
          basePath: "/vectors",
          stripBasePath: true,
          modelService,
          moderation,
          retries: { max: 0 },
        },
      ],
    }),
  );
  return { gateway, count: () => count };
}

async function asked({ gateway }: Scene, parts: Partial<RequestParts>): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({ method: "POST", path: "/v1/chat/completions", ...parts });
  client.destroy();
  return got;
}

const padding = "[".repeat(300) + "]".repeat(300);
const sneaky: readonly (readonly [name: string, body: string | Buffer, headers: RequestParts["headers"]])[] =
  [
    [
      "nested too deep to be looked into",
      `{"x":${padding},"contents":[{"parts":[{"text":"verboten"}]}]}`,
      json,
    ],
    [
      "behind more texts than are looked at",
      JSON.stringify({ x: Array(200_001).fill("a"), contents: [{ parts: [{ text: "verboten" }] }] }),
      json,
    ],
    ["compressed", gzipSync(contents([{ text: "verboten" }])), [...json, ["content-encoding", "gzip"]]],
  ];

describe("a request", () => {
  test.each(sneaky)("%s is refused although failures of checks pass", async (_, body, headers) => {
    const made = await scene({ ...policy, onError: "pass" });
    const got = await asked(made, { path: gemini, body, headers });
    expect(made.count()).toBe(0);
    expect(await made.gateway.record(got.header("x-request-id"))).toMatchObject({
      status: 400,
      outcome: "blocked",
    });
  });

  test("that is compressed is refused on a route whose model is read", async () => {
    const made = await scene();
    const headers = [...json, ["content-encoding", "gzip"]] as const;
    const got = await asked(made, { headers, body: gzipSync(said("verboten")) });
    expect([got.status, made.count()]).toEqual([415, 0]);
  });

  test.each([
    [
      "a picture in base64",
      {
        inlineData: {
          mimeType: "image/png",
          data: Buffer.from("89504e470d0a1a0a0000000d49484452".padEnd(2_000, "0d8f41a7c3"), "hex").toString(
            "base64",
          ),
        },
      },
    ],
    ["a name of a variable", { text: "Hi", partMetadata: { value: "a" } }],
  ])("with %s passes", async (_, part) => {
    const made = await scene();
    await asked(made, { path: gemini, headers: json, body: contents([part]) });
    expect(made.count()).toBe(1);
  });
});

describe("forbidden words do not reach the service", () => {
  test.each([...jsonAttacks, ...otherAttacks])("%s", async (_, parts) => {
    const made = await scene();
    const got = await asked(made, parts);
    expect(made.count()).toBe(0);
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(got.text()).not.toMatch(/verboten|forbidden fruit/i);
    const record = await made.gateway.record(got.header("x-request-id"));
    expect(`${record.status} ${record.outcome} ${record.errorCode}`).toBe("400 blocked content_blocked");
  });
});
