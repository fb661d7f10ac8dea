import { describe, expect, test } from "vitest";
import { envFile, hasEnded, hintOf, overlapEnd, type Credential } from "./credentials.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const later = "2026-11-22T13:00:00Z";
const earlier = "2026-11-22T11:00:00Z";
const masked = { set: true, hint: "…abcd" } as never;

const key: Credential = { type: "api-key", name: "main", value: masked };
const hmac: Credential = { type: "hmac", name: "signed", accessKey: "ak-1", secretKey: masked };
const jwt: Credential = {
  type: "jwt",
  name: "idp",
  issuer: "https://idp.example",
  claim: "sub",
  claimValue: "app-1",
  jwksUrl: "https://idp.example/jwks",
};

describe("a credential", () => {
  test.each<[string, string | undefined, boolean]>([
    ["without an end", undefined, false],
    ["that ends later", later, false],
    ["that ends now", new Date(now).toISOString(), true],
    ["that has ended", earlier, true],
  ])("%s", (_name, expiresAt, ended) => {
    expect(hasEnded({ expiresAt }, now)).toBe(ended);
  });

  test.each<[string, Credential, string | undefined]>([
    ["never rotated", key, undefined],
    ["rotated, both are taken", { ...key, previous: { value: masked, expiresAt: later } }, later],
    [
      "rotated, the old one has ended",
      { ...key, previous: { value: masked, expiresAt: earlier } },
      undefined,
    ],
    ["of signed requests", { ...hmac, previous: { secretKey: masked, expiresAt: later } }, later],
    ["a token", jwt, undefined],
  ])("%s", (_name, credential, end) => {
    expect(overlapEnd(credential, now)).toBe(end);
  });

  test.each<[string, Credential, string | null]>([
    ["an API key by its last characters", key, "…abcd"],
    ["a short one by nothing", { ...key, value: { set: true, hint: null } as never }, null],
    ["signed requests by the access key", hmac, "ak-1"],
    ["a token by its claim", jwt, "sub=app-1"],
  ])("%s is told from others", (_name, credential, hint) => {
    expect(hintOf(credential)).toBe(hint);
  });
});

test("the file for an application names what its code reads", () => {
  expect(envFile("app", "main", { value: "k" })).toBe(
    "# Moongate: consumer app, credential main\nMOONGATE_KEY=k\n",
  );
  expect(envFile("app", "ak", { value: "s", accessKey: "a" })).toContain(
    "MOONGATE_ACCESS_KEY=a\nMOONGATE_SECRET_KEY=s\n",
  );
});
