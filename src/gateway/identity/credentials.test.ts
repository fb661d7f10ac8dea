import { describe, expect, test } from "vitest";
import type { SnapshotConsumer } from "../../snapshot/snapshot.ts";
import { Credentials, subjectKey } from "./credentials.ts";

/** A consumer with one credential of each kind for each of these names. */
function consumer(name: string, ...held: string[]): SnapshotConsumer {
  return {
    name,
    groups: ["g"],
    apiKeys: held.map((sha256) => ({ name: `key ${sha256}`, sha256, expiresAtMs: null })),
    hmacs: held.map((accessKey) => ({
      name: `signing ${accessKey}`,
      accessKey,
      secrets: [{ value: "s", expiresAtMs: null }],
    })),
    jwts: held.map((claimValue) => ({
      name: `token ${claimValue}`,
      issuer: "https://idp.test",
      claim: "sub",
      claimValue,
      keys: { inline: [] },
      expiresAtMs: null,
    })),
  };
}

const asked = ["k1", "k2", "kb"];

/** Whose each kind of credential is; every kind must tell the same. */
function owners(credentials: Credentials): Record<string, string> {
  const subjects = credentials.issuer("https://idp.test")?.subjects;
  const rows = asked.flatMap((name) => {
    const kinds = [
      credentials.apiKey(name),
      credentials.hmac(name),
      subjects?.get(subjectKey("sub", name)),
    ].map((known) => known?.consumer);
    expect(new Set(kinds).size).toBe(1);
    return kinds[0] === undefined ? [] : [[name, kinds[0]] as const];
  });
  return Object.fromEntries(rows);
}

test("tells the consumer, its groups, the credential and its end", () => {
  const credentials = new Credentials();
  credentials.change(undefined, consumer("a", "k1"));
  const known = { consumer: "a", groups: ["g"], expiresAtMs: null };
  expect(credentials.apiKey("k1")).toEqual({ ...known, credential: "key k1" });
  expect(credentials.hmac("k1")).toMatchObject({ ...known, credential: "signing k1" });
});

describe("a consumer that changes", () => {
  test.each([
    ["a new key comes", consumer("a", "k1"), consumer("a", "k1", "k2"), { k1: "a", k2: "a", kb: "b" }],
    ["a key goes", consumer("a", "k1", "k2"), consumer("a", "k2"), { k2: "a", kb: "b" }],
    ["a key is replaced", consumer("a", "k1"), consumer("a", "k2"), { k2: "a", kb: "b" }],
    ["the consumer goes", consumer("a", "k1", "k2"), undefined, { kb: "b" }],
    ["nothing was there and nothing comes", undefined, undefined, { kb: "b" }],
  ])("%s: others' credentials stay", (_, before, after, expected) => {
    const credentials = new Credentials();
    credentials.change(undefined, consumer("b", "kb"));
    credentials.change(undefined, before);
    credentials.change(before, after);
    expect(owners(credentials)).toEqual(expected);
  });

  test.each(["loser first", "winner first"])(
    "what moves to another consumer belongs to that one: %s",
    (order) => {
      const credentials = new Credentials();
      const [from, to] = [consumer("from", "k1"), consumer("to")];
      credentials.change(undefined, from);
      credentials.change(undefined, to);
      const changes = [
        [from, consumer("from")],
        [to, consumer("to", "k1")],
      ] as const;
      for (const [before, after] of order === "loser first" ? changes : changes.toReversed())
        credentials.change(before, after);
      expect(owners(credentials)).toEqual({ k1: "to" });
    },
  );

  test("an issuer without credentials is forgotten, and a claim that none goes by", () => {
    const credentials = new Credentials();
    const [one, two] = [consumer("a", "k1"), consumer("b", "k2")];
    credentials.change(undefined, one);
    credentials.change(undefined, two);
    expect(credentials.issuer("https://idp.test")?.claims).toEqual(new Map([["sub", 2]]));
    credentials.change(one, undefined);
    expect(credentials.issuer("https://idp.test")?.claims).toEqual(new Map([["sub", 1]]));
    credentials.change(two, undefined);
    expect(credentials.issuer("https://idp.test")).toBeUndefined();
  });
});

test("no claim and value can be read as another pair", () => {
  expect(subjectKey("a", "b c")).not.toBe(subjectKey("a b", "c"));
});
