import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "../../../test/support/configuration.ts";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { signedHeaders } from "../../../test/support/signed-request.ts";
import { systemClock } from "../../core/clock.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { toolsOf } from "./explain-fixture.ts";
import { explain } from "./explain.ts";
import { createReadingPlan } from "./reading-plan.ts";

const pair = generateKeyPairSync("ed25519");
const issuer = "https://idp.test";
const path = "/v1/chat/completions";
const secretKey = "secret-canary-0123456789";
const jwt = (claimValue: string, fields: object = {}) => ({
  type: "jwt",
  name: "idp",
  issuer,
  jwks: { keys: [pair.publicKey.export({ format: "jwk" })] },
  claimValue,
  ...fields,
});
const hmac = { type: "hmac", name: "signing", accessKey: "AK1", secretKey };

const snapshot = snapshotOf({
  services: [serviceAt("https://a.test", "openai")],
  consumers: [
    { name: "app", groups: ["team"], credentials: [jwt("app"), hmac] },
    { name: "former", groups: ["past"], credentials: [jwt("former")] },
    { name: "ended", credentials: [jwt("ended", { expiresAt: "2001-01-01T00:00:00Z" })] },
    { name: "remote", credentials: [jwt("remote", { jwks: undefined, jwksUrl: "https://idp.test/jwks" })] },
    { name: "else", groups: ["others"], credentials: [jwt("else")] },
  ],
  modelApis: [
    apiOf("openai", {
      auth: {
        enabled: true,
        grants: [
          { consumerGroup: "team", models: ["gpt-*"] },
          { consumerGroup: "past", expiresAt: "2001-01-01T00:00:00Z" },
        ],
      },
    }),
    apiOf("openai", { name: "keys", basePath: "/keys", auth: { enabled: true, methods: ["api-key"] } }),
  ],
});

async function ask(headers: readonly string[], name = "chat", model = "gpt-5") {
  const config = snapshot.apis.get(name);
  if (config === undefined) throw new Error(`no ${name}`);
  const surroundings = { ...testSurroundings(), clock: systemClock };
  const request = {
    method: "POST",
    path: config.basePath === "/" ? path : config.basePath + path,
    headers: ["host", "h", "content-type", "application/json", ...headers],
    body: `{"model":"${model}"}`,
  };
  const told = await explain(createReadingPlan(snapshot, surroundings), config, request, {
    ...toolsOf(testSurroundings()),
    clock: systemClock,
  });
  expect(JSON.stringify(told)).not.toMatch(/canary|eyJ/);
  return { status: told.refusal?.status ?? 200, policies: told.policies };
}

async function token(sub: string, exp: string | Date = "1h"): Promise<readonly string[]> {
  const claims = new SignJWT({ iss: issuer, sub }).setExpirationTime(exp);
  return [
    "authorization",
    `Bearer ${await claims.setProtectedHeader({ alg: "EdDSA" }).sign(pair.privateKey)}`,
  ];
}

function signed(secret: string, at = path): readonly string[] {
  const body = '{"model":"gpt-5"}';
  const headers = [["content-type", "application/json"]] as const;
  const lines = signedHeaders({
    method: "POST",
    path: at,
    accessKey: "AK1",
    secretKey: secret,
    headers,
    body,
  });
  return lines.slice(1).flat();
}

describe("says why", () => {
  test.each<[string, () => readonly string[] | Promise<readonly string[]>, number, RegExp]>([
    ["a token is taken", () => token("app"), 200, /^consumer "app" by its credential "idp"$/],
    ["a signature is taken", () => signed(secretKey), 200, /^consumer "app" by its credential "signing"$/],
    ["a token has ended", () => token("app", new Date(0)), 401, /^the token has ended$/],
    ["a token is nobody's", () => token("nobody"), 401, /^no enabled consumer has the claim of the token$/],
    [
      "a credential has ended",
      () => token("ended"),
      401,
      /credential "idp" of consumer "ended" ended at 2001/,
    ],
    [
      "keys could not be fetched",
      () => token("remote"),
      401,
      /public keys of the issuer could not be fetched/,
    ],
    ["a signature is wrong", () => signed("another"), 401, /^the signature is wrong$/],
    ["a group's grant has ended", () => token("former"), 403, /grant of consumer "former" ended at 2001/],
    [
      "no group has a grant",
      () => token("else"),
      403,
      /"else" has no grant for this Model API, nor have its groups/,
    ],
  ])("%s", async (_name, headers, status, reason) => {
    const told = await ask(await headers());
    expect([told.status, told.policies[0]?.reason]).toEqual([status, expect.stringMatching(reason)]);
  });

  test.each<[string, () => readonly string[] | Promise<readonly string[]>, RegExp]>([
    ["tokens", () => token("app"), /^tokens are not accepted/],
    ["signed requests", () => signed(secretKey, `/keys${path}`), /^signed requests are not accepted/],
  ])("%s are not taken where only keys are", async (_name, headers, reason) => {
    const told = await ask(await headers(), "keys");
    expect([told.status, told.policies[0]?.reason]).toEqual([401, expect.stringMatching(reason)]);
  });

  test.each([
    ["gpt-5", 200, "passed"],
    ["qwen", 403, "refused"],
  ])("model %s is answered %i", async (model, status, verdict) => {
    const told = await ask(await token("app"), "chat", model);
    expect(told.status).toBe(status);
    expect(told.policies[1]).toEqual({
      name: "models",
      verdict,
      reason: 'the grants of consumer "app" are for gpt-*',
    });
  });
});
