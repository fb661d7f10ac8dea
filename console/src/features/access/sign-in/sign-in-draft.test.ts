// The settings of signing in, from what is stored to fields and back.
import { describe, expect, test } from "vitest";
import { signInField } from "../../../../../src/resources/sign-in.ts";
import {
  bodyOf,
  draftOf,
  faultsOf,
  makesOwners,
  mayGiveAll,
  newProvider,
  redirectUri,
} from "./sign-in-draft.ts";

const stored = signInField.parse({
  publicUrl: "https://gateway.example.com",
  oidc: [
    {
      name: "corp",
      issuer: "https://login.example.com/realms/main",
      clientId: "moongate",
      clientSecret: "kept",
      roles: [
        { value: "owners", role: "owner" },
        { value: "team-a", role: "editor", resourceGroups: ["a"] },
      ],
      defaultRole: "viewer",
    },
  ],
});

test("what is not touched stays, and a secret is not sent", () => {
  const { clientSecret: _kept, ...provider } = stored.oidc[0] ?? {};
  expect(bodyOf(draftOf(stored))).toEqual({
    password: true,
    publicUrl: "https://gateway.example.com",
    oidc: [provider],
  });
});

test.each([
  ["typed", { secret: "new" }, "new"],
  ["cleared", { secretState: "cleared" }, null],
] as const)("a secret that is %s is sent", (_name, change, expected) => {
  const draft = draftOf(stored);
  const providers = draft.providers.map((provider) => ({ ...provider, ...change }));
  expect(bodyOf({ ...draft, providers })).toMatchObject({ oidc: [{ clientSecret: expected }] });
});

describe("what is wrong", () => {
  test("a new provider lacks everything", () => {
    const draft = { password: true, publicUrl: "", providers: [newProvider(0)] };
    expect(Object.fromEntries(faultsOf(draft))).toEqual({
      publicUrl: "missing",
      "oidc[0].name": "missing",
      "oidc[0].issuer": "missing",
      "oidc[0].clientId": "missing",
    });
  });
  test("names twice, addresses that are none, rows that are half", () => {
    const { providers } = draftOf(stored);
    const [provider] = providers;
    if (provider === undefined) throw new Error("there is one");
    const bad = {
      ...provider,
      issuer: "login.example.com",
      mapping: [{ value: " ", role: "viewer", resourceGroups: [] } as const],
    };
    const draft = { password: true, publicUrl: "ftp://x", providers: [provider, bad] };
    expect(Object.fromEntries(faultsOf(draft))).toEqual({
      publicUrl: "badUrl",
      "oidc[0].name": "twice",
      "oidc[1].name": "twice",
      "oidc[1].issuer": "badUrl",
      "oidc[1].roles[0].value": "missing",
      "oidc[1].roles[0].resourceGroups": "groupsMissing",
    });
  });
});

test("only an owner changes a mapping that makes owners", () => {
  expect(mayGiveAll([{ role: "owner", resourceGroups: null }], stored)).toBe(true);
  expect(mayGiveAll([{ role: "admin", resourceGroups: null }], stored)).toBe(false);
});

test("the redirect URI is made of scheme, host and port alone", () => {
  expect(redirectUri("https://gateway.example.com:8443/", "corp")).toBe(
    "https://gateway.example.com:8443/api/v1/session/oidc/corp/callback",
  );
  expect(redirectUri("gateway", "corp")).toBe("");
  expect(redirectUri("https://gateway.example.com", "")).toBe("");
});

test("a mapping that makes owners everywhere lets owners in", () => {
  expect(makesOwners(draftOf(stored))).toBe(true);
  expect(makesOwners({ ...draftOf(stored), providers: [] })).toBe(false);
});
