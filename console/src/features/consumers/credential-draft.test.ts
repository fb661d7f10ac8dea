import { describe, expect, test } from "vitest";
import {
  credentialBody,
  credentialProblems,
  jwksOf,
  newCredential,
  type CredentialDraft,
} from "./credential-draft.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const url = { issuer: "https://idp.example", jwksUrl: "https://idp.example/jwks" };

describe("problems of a draft", () => {
  test.each<[string, CredentialDraft["type"], Partial<CredentialDraft>, string[]]>([
    ["a key that is made", "api-key", {}, []],
    ["no name", "api-key", { name: "" }, ["name"]],
    ["a name that is taken", "api-key", { name: "old" }, ["taken"]],
    ["a short key of one's own", "api-key", { isOwn: true, value: "short" }, ["value"]],
    ["a key of one's own", "api-key", { isOwn: true, value: "0123456789abcdef" }, []],
    ["a day that is over", "api-key", { life: "day", until: "2026-11-20" }, ["until"]],
    ["no day", "api-key", { life: "day" }, ["until"]],
    ["signed requests with made keys", "hmac", {}, []],
    [
      "signed requests without an access key",
      "hmac",
      { isOwn: true, value: "0123456789abcdef" },
      ["accessKey"],
    ],
    ["an empty secret", "hmac", { isOwn: true, accessKey: "ak" }, ["value"]],
    ["a token without anything", "jwt", {}, ["issuer", "jwksUrl"]],
    ["a token with an address of keys", "jwt", url, []],
    ["a token with keys that are none", "jwt", { ...url, keysFrom: "inline", jwks: "{}" }, ["jwks"]],
    ["a token that names nobody", "jwt", { ...url, claimValue: "" }, ["claimValue"]],
  ])("%s", (_name, type, values, problems) => {
    const draft = { ...newCredential(type, "main", "app"), ...values };
    expect([...credentialProblems(draft, ["old"], now)]).toEqual(problems);
  });
});

test.each<[string, CredentialDraft["type"], Partial<CredentialDraft>, object]>([
  ["an API key that never ends", "api-key", {}, { type: "api-key", name: "main" }],
  [
    "one of one's own for 30 days",
    "api-key",
    { isOwn: true, value: "0123456789abcdef", life: "30" },
    { type: "api-key", name: "main", value: "0123456789abcdef", expiresAt: "2026-12-22T12:00:00.000Z" },
  ],
  ["made keys, whatever was typed before", "hmac", { accessKey: "ak" }, { type: "hmac", name: "main" }],
  [
    "a token, any audience",
    "jwt",
    url,
    { type: "jwt", name: "main", ...url, claim: "sub", claimValue: "app" },
  ],
])("what is sent of %s", (_name, type, values, body) => {
  expect(credentialBody({ ...newCredential(type, "main", "app"), ...values }, now)).toEqual(body);
});

test("keys may be a set or one alone", () => {
  expect(jwksOf('{"keys":[{"kty":"RSA"}]}')).toEqual({ keys: [{ kty: "RSA" }] });
  expect(jwksOf('{"kty":"RSA"}')).toEqual({ keys: [{ kty: "RSA" }] });
  expect(jwksOf("[]")).toBeUndefined();
  expect(jwksOf("-----BEGIN")).toBeUndefined();
});
