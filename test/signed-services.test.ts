// Services whose keys sign: what they get is checked by the vendor's own library.
import { expect, test } from "vitest";
import { isSignedBy } from "./support/aws-signature.ts";
import { providerKey } from "./support/configuration.ts";
import { startGateway, type GatewayOptions } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { course, run, startTested, type Respond } from "./support/tested-service.ts";

const keep = createKeeper();
const scope = { region: "eu-central-1", service: "bedrock" };
const first = {
  accessKeyId: "AKIDFIRSTFIRSTFIRST1",
  secretAccessKey: "first-canary/secret+access=key0123456789",
};
const second = {
  ...first,
  secretAccessKey: "second-canary/secret+access=key012345678",
  sessionToken: "canary//session+token==0123",
};
const answer = JSON.stringify({
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
});

/** Answers what one of the keys has signed, and shows what it was sent. */
const checking =
  (keys: readonly (typeof first | typeof second)[]): Respond =>
  (request, response) => {
    void Promise.all(keys.map((key) => isSignedBy(request, key, scope))).then((good) => {
      const status = good.includes(true) ? 200 : 403;
      const body =
        status === 200
          ? answer
          : JSON.stringify({ message: "The request signature we calculated does not match" });
      const echo = String(request.headers["x-amz-security-token"] ?? "none");
      response.writeHead(status, { "content-type": "application/json", "x-echo": echo }).end(body);
    });
  };

async function gatewayTo(url: string, values: readonly unknown[], options: GatewayOptions = {}) {
  const apiKeys = values.map((value, index) => ({ name: `k${index}`, value }));
  return keep(
    await startGateway(
      {
        services: [
          {
            name: "up",
            provider: "bedrock",
            region: scope.region,
            protocols: [{ protocol: "openai", baseUrl: `${url}/openai/v1` }],
            apiKeys,
          },
        ],
        modelApis: [
          {
            name: "chat",
            useCase: "text-generation",
            protocols: ["openai"],
            modelService: { mode: "single", target: { service: "up", model: "openai.gpt-oss-120b-1:0" } },
          },
        ],
      },
      options,
    ),
  );
}

async function ask(url: string, query = "", headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${url}/v1/chat/completions${query}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "any", messages: [{ role: "user", content: "Grüße" }] }),
  });
}

test.each([
  { name: "an access key", value: first },
  { name: "an access key with a session", value: second },
])("$name signs what is sent, as the vendor's library says", async ({ value }) => {
  const service = await startTested(keep, checking([value]));
  const gateway = await gatewayTo(service.url, [value]);
  const query = "?b=2&a=x%20y&a=%C3%A9";
  for (const more of ["", query]) {
    const response = await ask(gateway.url, more);
    expect([response.status, await response.text()]).toEqual([200, answer]);
  }
  expect(service.seen.map(({ url }) => url)).toEqual([
    "/openai/v1/chat/completions",
    `/openai/v1/chat/completions${query}`,
  ]);
  // The model was replaced on the way: what was signed is what was sent.
  expect(service.seen[0]?.body).toContain('"openai.gpt-oss-120b-1:0"');
});

test("what a client sends in the signature's own headers never stands beside the gateway's", async () => {
  const service = await startTested(keep, checking([second]));
  const gateway = await gatewayTo(service.url, [second]);
  const response = await ask(gateway.url, "", {
    "x-amz-date": "20200101T000000Z",
    "x-amz-security-token": "theirs",
    "x-amz-content-sha256": "theirs",
    authorization: "AWS4-HMAC-SHA256 Credential=theirs",
  });
  expect(response.status).toBe(200);
  expect(JSON.stringify(service.seen[0]?.headers)).not.toContain("theirs");
  // The service shows the session's token, which is none of the client's business.
  expect(response.headers.get("x-echo")).toBeNull();
});

test("a refused signature moves on to the next key; its secret is in no answer and no record", async () => {
  const service = await startTested(keep, checking([second]));
  const gateway = await gatewayTo(service.url, [first, second]);
  for (let count = 0; count < 3; count += 1) expect((await ask(gateway.url)).status).toBe(200);
  expect(gateway.records[0]?.attempts.map(({ key, reason }) => [key, reason])).toEqual([
    ["k0", "upstream-credentials"],
    ["k1", ""],
  ]);
  expect(JSON.stringify(gateway.records)).not.toContain("canary");
});

test("a wrong secret is the gateway's fault, not the client's", async () => {
  const service = await startTested(keep, checking([]));
  const gateway = await gatewayTo(service.url, [first]);
  const response = await ask(gateway.url);
  const body = await response.text();
  expect([response.status, JSON.parse(body)]).toMatchObject([
    502,
    { error: { code: "upstream_credentials" } },
  ]);
  expect(body).not.toContain("canary");
});

test("a key that is a text is a bearer key", async () => {
  const service = await startTested(
    keep,
    (_request, response) => void response.writeHead(200, { "content-type": "application/json" }).end(answer),
  );
  const gateway = await gatewayTo(service.url, [providerKey]);
  expect((await ask(gateway.url)).status).toBe(200);
  expect(service.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${providerKey}` });
  expect(service.seen[0]?.headers).not.toHaveProperty("x-amz-date");
});

test("the test of a service signs its call, and says what a refused one means", async () => {
  const service = await startTested(keep, checking([first]));
  const fields = (value: object) => ({
    provider: "bedrock",
    baseUrl: service.url,
    region: scope.region,
    apiKeys: [{ name: "main", value }],
  });
  const good = await run(fields(first), { model: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0" });
  expect(course(good)).toBe(".dns +tcp .tls .auth .models +call");
  expect(service.seen[0]?.url).toBe("/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse");
  const bad = await run(fields(second), { model: "m" });
  expect(bad.ok).toBe(false);
  expect(JSON.stringify(bad)).not.toContain("canary");
});
