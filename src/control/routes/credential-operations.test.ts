import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { isGeneratedKey } from "../../core/key-checksum.ts";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import { startMs } from "../configuration-fixture.ts";
import { sha256Hex } from "../generated-key.ts";

let fixture: ApiFixture;

beforeEach(async () => {
  fixture = await openApi();
  await fixture.ask("POST /api/v1/consumers", { body: { name: "app" } });
});

const credentials = "/api/v1/consumers/app/credentials";
const add = (body: object) => fixture.ask(`POST ${credentials}`, { body });
const rotate = (name: string, body: object = {}) =>
  fixture.ask(`POST ${credentials}/${name}/rotate`, { body });
const compiled = () => fixture.configuration.snapshot.consumers.get("app");
const everything = async () =>
  [
    (await fixture.ask("GET /api/v1/consumers/app")).text,
    (await fixture.ask("GET /api/v1/config/export")).text,
    (await fixture.ask("GET /api/v1/revisions/1/diff")).text,
    JSON.stringify(await fixture.store.changesBetween(0, 99)),
  ].join("\n");

const { publicKey } = generateKeyPairSync("ed25519");
const jwt = {
  type: "jwt",
  name: "idp",
  issuer: "https://idp.test",
  claimValue: "app",
  jwks: { keys: [publicKey.export({ format: "jwk" })] },
};

describe("a new credential", () => {
  test("for signed requests is made whole, and shown once", async () => {
    const made = await add({ type: "hmac", name: "ak" });
    expect(made.status).toBe(201);
    const { accessKey, secretKey, value } = made.body;
    expect([accessKey, secretKey]).toEqual([
      expect.stringMatching(/^mgk_\w{22}$/),
      expect.stringMatching(/^mgs_\w{43}$/),
    ]);
    expect(value).toBe(secretKey);
    expect(compiled()?.hmacs).toEqual([
      { name: "ak", accessKey, secrets: [{ value: secretKey, expiresAtMs: null }] },
    ]);
    expect(await everything()).not.toContain(String(secretKey));
  });

  test("takes keys of your own, and a token's issuer", async () => {
    expect((await add({ type: "hmac", name: "ak", accessKey: "AK1", secretKey: "of my own" })).status).toBe(
      201,
    );
    expect((await add(jwt)).status).toBe(201);
    expect(compiled()).toMatchObject({
      hmacs: [{ accessKey: "AK1" }],
      jwts: [{ issuer: "https://idp.test" }],
    });
  });

  test.each<[string, object, number]>([
    ["an empty secret key", { type: "hmac", name: "ak", secretKey: "" }, 400],
    ["a token without keys", { ...jwt, jwks: undefined }, 400],
    ["a token with two sources of keys", { ...jwt, jwksUrl: "https://idp.test/jwks" }, 400],
    ["a mistyped generated key", { name: "k", value: `mgc_${"a".repeat(49)}` }, 400],
    ["another type", { type: "password", name: "k" }, 400],
  ])("with %s is refused", async (_name, body, status) => {
    expect((await add(body)).status).toBe(status);
  });

  test.each<[string, object, object]>([
    [
      "an access key",
      { type: "hmac", name: "a", accessKey: "AK1" },
      { type: "hmac", name: "a", accessKey: "AK1" },
    ],
    [
      "an API key",
      { name: "a", value: "custom-key-0123456789" },
      { name: "a", value: "custom-key-0123456789" },
    ],
    ["issuer and claim", jwt, { ...jwt, audience: "x" }],
  ])("with %s of another consumer is refused", async (_name, first, second) => {
    await fixture.ask("POST /api/v1/consumers", { body: { name: "other" } });
    expect((await add(first)).status).toBe(201);
    const answer = await fixture.ask("POST /api/v1/consumers/other/credentials", { body: second });
    expect([answer.status, answer.text.includes('consumer \\"app\\"')]).toEqual([409, true]);
  });
});

describe("public keys", () => {
  const rsa = (bits: number) => generateKeyPairSync("rsa", { modulusLength: bits });
  test.each<[string, object, RegExp]>([
    ["a symmetric key", { kty: "oct", k: "c2VjcmV0LWNhbmFyeQ" }, /symmetric/],
    ["a private key", generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), /private key/],
    ["a short RSA key", rsa(1024).publicKey.export({ format: "jwk" }), /2048 bits/],
    ["no key at all", { kty: "RSA", n: "AQAB" }, /must be a public key/],
  ])("%s is refused and not repeated", async (_name, key, message) => {
    const answer = await add({ ...jwt, jwks: { keys: [key] } });
    expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(message)]);
    for (const secret of ["d", "k", "n"].flatMap((part) =>
      Object.entries(key).filter(([name]) => name === part),
    )) {
      expect(answer.text).not.toContain(secret[1]);
    }
  });
});

describe("a rotation", () => {
  test("of an API key at once: the new one alone is taken", async () => {
    const old = String((await add({ name: "main" })).body["value"]);
    const answer = await rotate("main");
    const value = String(answer.body["value"]);
    expect([answer.status, Object.keys(answer.body)]).toEqual([201, ["value"]]);
    expect(isGeneratedKey("consumer", value)).toBe(true);
    expect(compiled()?.apiKeys.map(({ sha256 }) => sha256)).toEqual([sha256Hex(value)]);
    const told = await everything();
    for (const key of [old, value]) expect(told).not.toContain(key);
  });

  test("with overlap: both are taken, the old one until then", async () => {
    const old = String((await add({ name: "main" })).body["value"]);
    const answer = await rotate("main", { overlapSeconds: 60 });
    const value = String(answer.body["value"]);
    const endMs = startMs + 60_000;
    expect(answer.body["previousExpiresAt"]).toBe(new Date(endMs).toISOString());
    expect(compiled()?.apiKeys).toEqual([
      { name: "main", sha256: sha256Hex(value), expiresAtMs: null },
      { name: "main", sha256: sha256Hex(old), expiresAtMs: endMs },
    ]);
    const told = await everything();
    for (const key of [old, value]) expect(told).not.toContain(key);
    expect((await fixture.ask("GET /api/v1/consumers/app")).body["credentials"]).toMatchObject([
      { previous: { value: { set: true, hint: `…${old.slice(-4)}` } } },
    ]);
  });

  test("within the overlap of another drops the oldest", async () => {
    await add({ name: "main" });
    const second = String((await rotate("main", { overlapSeconds: 60 })).body["value"]);
    const third = String((await rotate("main", { overlapSeconds: 60 })).body["value"]);
    expect(compiled()?.apiKeys.map(({ sha256 }) => sha256)).toEqual([third, second].map(sha256Hex));
  });

  test("at once ends what an earlier one kept", async () => {
    await add({ name: "main" });
    await rotate("main", { overlapSeconds: 60 });
    const last = String((await rotate("main")).body["value"]);
    expect(compiled()?.apiKeys.map(({ sha256 }) => sha256)).toEqual([sha256Hex(last)]);
  });

  test("of signed requests keeps the access key", async () => {
    const { accessKey, secretKey } = (await add({ type: "hmac", name: "ak" })).body;
    const value = String((await rotate("ak", { overlapSeconds: 60 })).body["value"]);
    expect(compiled()?.hmacs).toEqual([
      {
        name: "ak",
        accessKey,
        secrets: [
          { value, expiresAtMs: null },
          { value: secretKey, expiresAtMs: startMs + 60_000 },
        ],
      },
    ]);
    const told = await everything();
    for (const key of [secretKey, value]) expect(told).not.toContain(key);
  });

  test("is kept when the consumer is sent back as it was read, and by a patch", async () => {
    await add({ name: "main" });
    await rotate("main", { overlapSeconds: 60 });
    const before = compiled()?.apiKeys;
    const { body } = await fixture.ask("GET /api/v1/consumers/app");
    expect((await fixture.ask("PUT /api/v1/consumers/app", { body })).status).toBe(200);
    await fixture.ask("PATCH /api/v1/consumers/app", { body: { description: "x" } });
    expect(compiled()?.apiKeys).toEqual(before);
  });

  test("outlives a rollback of something else, and can itself be rolled back", async () => {
    const old = String((await add({ name: "main" })).body["value"]);
    const { revision } = (await fixture.ask("GET /api/v1/consumers/app")).body;
    await rotate("main", { overlapSeconds: 60 });
    expect((await fixture.ask(`POST /api/v1/revisions/${String(revision)}/rollback`)).status).toBe(200);
    expect(compiled()?.apiKeys.map(({ sha256 }) => sha256)).toEqual([sha256Hex(old)]);
  });

  test.each<[string, string, object, number]>([
    ["of a credential that is not there", "none", {}, 404],
    ["of a token", "idp", {}, 400],
    ["for longer than 30 days", "main", { overlapSeconds: 30 * 86_400 + 1 }, 400],
    ["for less than nothing", "main", { overlapSeconds: -1 }, 400],
  ])("%s is refused", async (_name, credential, body, status) => {
    await add({ name: "main" });
    await add(jwt);
    expect((await rotate(credential, body)).status).toBe(status);
  });

  test("nobody sends a stored form of a secret by himself", async () => {
    const previous = { value: { hash: "00", hint: null }, expiresAt: "2099-01-01T00:00:00Z" };
    const body = {
      credentials: [{ type: "api-key", name: "main", value: "custom-key-0123456789", previous }],
    };
    expect((await fixture.ask("PATCH /api/v1/consumers/app", { body })).status).toBe(400);
  });
});
