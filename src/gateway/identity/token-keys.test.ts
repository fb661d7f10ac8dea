import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { TestClock } from "../runtime-fixture.ts";
import { TokenKeys } from "./token-keys.ts";

const url = "https://idp.test/jwks?token=canary";
const jwk = (kid: string) => ({
  ...generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }),
  kid,
});

/** A provider that lists these keys, or fails with an error. */
function provider(...listed: readonly (readonly string[] | Error | string)[]) {
  const clock = new TestClock();
  const problems: string[] = [];
  let asked = 0;
  const keys = new TokenKeys({
    clock,
    onProblem: ({ message }) => problems.push(message),
    get: ({ maxBytes, timeoutMs }) => {
      expect([maxBytes, timeoutMs]).toEqual([256 * 1024, 5_000]);
      const answer = listed[Math.min(asked, listed.length - 1)];
      asked += 1;
      if (answer instanceof Error) return Promise.reject(answer);
      const text = typeof answer === "string" ? answer : JSON.stringify({ keys: answer?.map(jwk) });
      return Promise.resolve(Buffer.from(text));
    },
  });
  return {
    clock,
    problems,
    knows: async (kid: string) => (await keys.setFor({ url }, "EdDSA", kid))?.has("EdDSA", kid) ?? false,
    get asked() {
      return asked;
    },
  };
}

test("keys are fetched once, however many tokens come, also at the same time", async () => {
  const idp = provider(["a"]);
  expect(await Promise.all([idp.knows("a"), idp.knows("a"), idp.knows("a")])).toEqual([true, true, true]);
  expect([await idp.knows("a"), idp.asked]).toEqual([true, 1]);
});

test("an unknown kid makes the gateway look again, but not more often than every 30 seconds", async () => {
  const idp = provider(["a"], ["a", "b"]);
  await idp.knows("a");
  expect([await idp.knows("b"), idp.asked]).toEqual([false, 1]);
  idp.clock.nowMs += 30_000;
  expect([await idp.knows("b"), idp.asked]).toEqual([true, 2]);
});

test("forged kids cost the provider nothing: a thousand in a minute are two looks", async () => {
  const idp = provider(["a"]);
  for (let forged = 0; forged < 1_000; forged += 1) {
    await idp.knows(`forged-${forged}`);
    idp.clock.nowMs += 59;
  }
  expect(idp.asked).toBe(2);
});

test("keys are fetched anew after ten minutes, and the old ones serve meanwhile", async () => {
  const idp = provider(["a"], ["b"]);
  await idp.knows("a");
  idp.clock.nowMs += 600_000;
  expect([await idp.knows("a"), idp.asked]).toEqual([true, 2]);
  expect([await idp.knows("a"), await idp.knows("b")]).toEqual([false, true]);
});

test("a provider that is down keeps its last keys for a day, and is asked every 30 seconds at most", async () => {
  const idp = provider(["a"], new Error("connect ECONNREFUSED"));
  await idp.knows("a");
  idp.clock.nowMs += 23 * 3_600_000;
  expect([await idp.knows("a"), await idp.knows("a"), idp.asked]).toEqual([true, true, 2]);
  idp.clock.nowMs += 3_600_000;
  expect(await idp.knows("a")).toBe(false);
  expect(idp.problems[0]).toBe(
    "The public keys at https://idp.test/jwks could not be fetched: connect ECONNREFUSED",
  );
});

test.each([
  ["no JSON", "<html>"],
  ["no list", '{"keys":{}}'],
  ["a list alone", "[]"],
])("%s is no JWKS", async (_name, text) => {
  const idp = provider(text);
  expect([await idp.knows("a"), idp.problems.length]).toEqual([false, 1]);
});

test("symmetric keys, and what is no key at all, are passed over", async () => {
  const text = JSON.stringify({ keys: [{ kty: "oct", k: "AAAA", kid: "a" }, null, 7, jwk("b")] });
  const idp = provider(text);
  expect([await idp.knows("a"), await idp.knows("b")]).toEqual([false, true]);
});
