// Services whose keys are service accounts of Google: tokens are fetched, kept, renewed; what goes wrong is said.
import { generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { startGateway, type GatewayOptions } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { course, run, startTested, type Seen } from "./support/tested-service.ts";

const keep = createKeeper();
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = String(pair.privateKey.export({ type: "pkcs8", format: "pem" }));
const answer = JSON.stringify({
  candidates: [{ content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP", index: 0 }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
});

function accountAt(url: string, fields: object = {}): string {
  return JSON.stringify({
    type: "service_account",
    project_id: "canary-project-1",
    private_key_id: "kid-1",
    private_key: privateKey,
    client_email: "gateway@canary-project-1.iam.gserviceaccount.com",
    token_uri: `${url}/token`,
    ...fields,
  });
}

/** Gives tokens that last an hour, and answers who has the newest. */
async function startGoogle(tokenAnswer?: (count: number) => { status: number; body: object }) {
  let count = 0;
  const assertions: string[] = [];
  const service = await startTested(keep, (request, response) => {
    const reply = (status: number, body: string): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(body);
    if (request.url === "/token") {
      count += 1;
      assertions.push(new URLSearchParams(request.body).get("assertion") ?? "");
      const given = tokenAnswer?.(count) ?? {
        status: 200,
        body: { access_token: `ya29.canary-token-${count}`, expires_in: 3599, token_type: "Bearer" },
      };
      return reply(given.status, JSON.stringify(given.body));
    }
    const good = request.headers.authorization === `Bearer ya29.canary-token-${count}`;
    reply(
      good ? 200 : 401,
      good ? answer : JSON.stringify({ error: { code: 401, status: "UNAUTHENTICATED" } }),
    );
  });
  const calls = (): readonly Seen[] => service.seen.filter(({ url }) => url !== "/token");
  return { url: service.url, assertions, calls, tokens: () => count };
}

interface Scene extends GatewayOptions {
  readonly project?: string;
  /** Of the clients. */
  readonly protocol?: "gemini" | "openai";
}

async function gatewayTo(
  url: string,
  values: readonly string[],
  { project, protocol = "gemini", ...options }: Scene = {},
) {
  return keep(
    await startGateway(
      {
        services: [
          {
            name: "up",
            provider: "vertex",
            baseUrl: url,
            region: "europe-west4",
            apiKeys: values.map((value, index) => ({ name: `k${index}`, value })),
            ...(project === undefined ? {} : { project }),
          },
        ],
        modelApis: [
          {
            name: "chat",
            useCase: "text-generation",
            protocols: [protocol],
            ...(protocol === "gemini" ? { routes: { enabled: ["gemini-models"] } } : {}),
            modelService: { mode: "single", target: { service: "up", model: "gemini-2.5-flash" } },
          },
        ],
      },
      options,
    ),
  );
}

async function ask(url: string): Promise<Response> {
  return await fetch(`${url}/v1beta/models/any:generateContent`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-goog-api-key": "the-clients-own" },
    body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
  });
}

test("fifty requests at once need one token, asked for by a signed assertion", async () => {
  const google = await startGoogle();
  const gateway = await gatewayTo(google.url, [accountAt(google.url)]);
  const responses = await Promise.all(Array.from({ length: 50 }, () => ask(gateway.url)));
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
  expect(google.tokens()).toBe(1);
  const [head = "", claims = "", signature = ""] = (google.assertions[0] ?? "").split(".");
  expect(
    verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${claims}`),
      pair.publicKey,
      Buffer.from(signature, "base64url"),
    ),
  ).toBe(true);
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(decode(head)).toEqual({ alg: "RS256", typ: "JWT", kid: "kid-1" });
  expect(decode(claims)).toMatchObject({
    iss: "gateway@canary-project-1.iam.gserviceaccount.com",
    aud: `${google.url}/token`,
    scope: "https://www.googleapis.com/auth/cloud-platform",
  });
  expect(new Set(google.calls().map(({ url }) => url))).toEqual(
    new Set([
      "/v1/projects/canary-project-1/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent",
    ]),
  );
  expect(google.calls()[0]?.headers).not.toHaveProperty("x-goog-api-key");
});

test("a token is fetched anew before it runs out, and none is used after its end", async () => {
  const clock = new TestClock();
  const google = await startGoogle();
  const gateway = await gatewayTo(google.url, [accountAt(google.url)], { clock });
  expect((await ask(gateway.url)).status).toBe(200);
  clock.nowMs += 3_000_000;
  expect((await ask(gateway.url)).status).toBe(200);
  expect(google.tokens()).toBe(1);
  // Less than five minutes are left: the old one serves while the new one is fetched.
  clock.nowMs += 400_000;
  await ask(gateway.url);
  await expect.poll(() => google.tokens()).toBe(2);
  await expect.poll(async () => (await ask(gateway.url)).status).toBe(200);
  clock.nowMs += 3_700_000;
  expect((await ask(gateway.url)).status).toBe(200);
  expect(google.tokens()).toBe(3);
});

test.each([
  {
    name: "a refused assertion",
    given: { status: 400, body: { error: "invalid_grant", error_description: "canary description" } },
    detail: "token endpoint: 400 invalid_grant",
  },
  { name: "an answer without a token", given: { status: 200, body: {} }, detail: "token endpoint: 200" },
  { name: "a fault of the endpoint", given: { status: 503, body: {} }, detail: "token endpoint: 503" },
])("$name is said in the record, and nothing is sent to the model", async ({ given, detail }) => {
  const google = await startGoogle(() => given);
  const gateway = await gatewayTo(google.url, [accountAt(google.url)]);
  const response = await ask(gateway.url);
  const body = await response.text();
  expect([response.status, JSON.parse(body)]).toMatchObject([
    502,
    { error: { details: [{ reason: "upstream_credentials" }] } },
  ]);
  expect(google.calls()).toEqual([]);
  const record = await gateway.record(response.headers.get("x-request-id") ?? undefined);
  expect(record.attempts[0]).toMatchObject({ reason: "upstream-credentials", detail });
  expect(body + JSON.stringify(record)).not.toMatch(/canary-token|canary description|PRIVATE KEY/u);
});

test("an endpoint that cannot be reached is said, and the next key takes its place", async () => {
  const google = await startGoogle();
  const gone = accountAt("http://127.0.0.1:1");
  const gateway = await gatewayTo(google.url, [gone, accountAt(google.url)]);
  const response = await ask(gateway.url);
  expect(response.status).toBe(200);
  const record = await gateway.record(response.headers.get("x-request-id") ?? undefined);
  expect(record.attempts.map(({ key, detail, reason }) => [key, detail, reason])).toEqual([
    ["k0", "token endpoint: unreachable", "upstream-credentials"],
    ["k1", "", ""],
  ]);
});

test("whoever leaves while a token is fetched, leaves nothing behind", async () => {
  const { promise: asked, resolve: tell } = Promise.withResolvers<void>();
  const { promise: open, resolve: release } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const service = await startTested(keep, ({ url }, response) => {
    calls.push(url);
    tell();
    void open.then(() =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ access_token: "ya29.canary-token-1", expires_in: 3599 })),
    );
  });
  const gateway = await gatewayTo(service.url, [accountAt(service.url)]);
  const leaving = new AbortController();
  const request = fetch(`${gateway.url}/v1beta/models/any:generateContent`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
    signal: leaving.signal,
  }).catch((error: unknown) => error);
  await asked;
  leaving.abort();
  await request;
  const record = await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
  expect(record.status).toBe(499);
  release();
  await expect.poll(() => calls.length).toBe(1);
  expect(calls).toEqual(["/token"]);
});

test.each([
  {
    name: "an access token",
    value: "ya29.canary-token-0",
    header: "authorization",
    sent: "Bearer ya29.canary-token-0",
  },
  {
    name: "an API key",
    value: "AIzaCanary0123456789",
    header: "x-goog-api-key",
    sent: "AIzaCanary0123456789",
  },
])("$name needs no other token", async ({ value, header, sent }) => {
  const google = await startGoogle();
  const gateway = await gatewayTo(google.url, [value], { project: "p-1" });
  await ask(gateway.url);
  expect(google.calls()[0]?.headers[header]).toBe(sent);
  expect(google.calls()[0]?.url).toContain("/projects/p-1/");
  expect(google.tokens()).toBe(0);
});

test("chats of OpenAI's clients are translated, and go with a token to the place of the model", async () => {
  const google = await startGoogle();
  const gateway = await gatewayTo(google.url, [accountAt(google.url)], { protocol: "openai" });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer the-clients-own" },
    body: JSON.stringify({ model: "any", messages: [{ role: "user", content: "Hi" }] }),
  });
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  });
  expect(google.calls().map(({ url }) => url)).toEqual([
    "/v1/projects/canary-project-1/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent",
  ]);
  expect(google.calls()[0]?.headers.authorization).toBe("Bearer ya29.canary-token-1");
});

test("the test of a service fetches a token for its call", async () => {
  const google = await startGoogle();
  const fields = { provider: "vertex", baseUrl: google.url, region: "global" };
  const good = await run(
    { ...fields, apiKeys: [{ name: "k", value: accountAt(google.url) }] },
    { model: "gemini-2.5-pro" },
  );
  expect(course(good)).toBe(".dns +tcp .tls .auth .models +call");
  expect(google.calls()[0]?.url).toBe(
    "/v1/projects/canary-project-1/locations/global/publishers/google/models/gemini-2.5-pro:generateContent",
  );
  const refusing = await startGoogle(() => ({ status: 401, body: { error: "invalid_client" } }));
  const bad = await run(
    { ...fields, baseUrl: refusing.url, apiKeys: [{ name: "k", value: accountAt(refusing.url) }] },
    { model: "m" },
  );
  expect(bad.steps.at(-1)?.message).toBe("No access token: token endpoint: 401 invalid_client.");
});
