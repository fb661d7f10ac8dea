// Whether a credential exists must not show in how long its refusal takes: the work is counted, not the time.
import type * as Crypto from "node:crypto";
import { generateKeyPairSync } from "node:crypto";
import type * as Jose from "jose";
import { SignJWT } from "jose";
import { beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { SnapshotConsumer } from "../../snapshot/snapshot.ts";
import { createPlan } from "../plan.ts";
import { readHead } from "../request-head.ts";
import type { ClientCall } from "../listener/listener.ts";
import { findCredential } from "./api-keys.ts";
import { Credentials } from "./credentials.ts";
import { proveSignature } from "./hmac.ts";
import { proveToken } from "./jwt.ts";
import { TokenKeys } from "./token-keys.ts";

const work = vi.hoisted(() => ({ counts: new Map<string, number>() }));

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof Crypto>();
  const counted = <Arguments extends unknown[], Result>(
    name: string,
    act: (...given: Arguments) => Result,
  ) => {
    return (...given: Arguments): Result => {
      work.counts.set(name, (work.counts.get(name) ?? 0) + 1);
      return act(...given);
    };
  };
  return {
    ...real,
    hash: counted("hash", real.hash),
    createHmac: counted("hmac", real.createHmac),
    timingSafeEqual: counted("compare", real.timingSafeEqual),
  };
});

vi.mock("jose", async (original) => {
  const real = await original<typeof Jose>();
  return {
    ...real,
    jwtVerify: (...given: Parameters<typeof real.jwtVerify>) => {
      work.counts.set("verify", (work.counts.get("verify") ?? 0) + 1);
      return real.jwtVerify(...given);
    },
  };
});

const nowMs = Date.UTC(2030, 0, 1);
const pair = generateKeyPairSync("ed25519");
const issuer = "https://idp.test";
const secret = (value: string, expiresAtMs: number | null = null) => ({ value, expiresAtMs });
const app: SnapshotConsumer = {
  name: "app",
  apiKeys: [
    { name: "good", sha256: "7e8a6d2b", expiresAtMs: null },
    { name: "ended", sha256: "9f1c", expiresAtMs: 1 },
  ],
  hmacs: [
    { name: "one", accessKey: "one-secret", secrets: [secret("a")] },
    { name: "two", accessKey: "two-secrets", secrets: [secret("a"), secret("b")] },
    { name: "ended", accessKey: "ended", secrets: [secret("a", 1)] },
  ],
  jwts: [
    {
      name: "idp",
      issuer,
      claim: "sub",
      claimValue: "app",
      keys: { inline: [{ ...pair.publicKey.export({ format: "jwk" }) }] },
      expiresAtMs: null,
    },
  ],
};
const credentials = new Credentials();
credentials.change(undefined, app);

beforeEach(() => {
  work.counts.clear();
});

const counted = () => Object.fromEntries(work.counts);

test.each(["one-secret", "two-secrets", "ended", "of nobody"])(
  "a wrong signature with access key %s costs two signatures and two comparisons",
  (accessKey) => {
    // Of a call, the proof of a signature looks at the head alone.
    const call = {
      method: "GET",
      target: "/v1/models",
      httpMinor: 1,
      rawHeaders: [
        "host",
        "a.test",
        "date",
        new Date(nowMs).toUTCString(),
        "x-ca-key",
        accessKey,
        "x-ca-signature",
        `${"A".repeat(43)}=`,
      ],
    } as unknown as ClientCall;
    const request = { call, head: readHead(call) };
    expect(proveSignature(request, credentials, { wallMs: nowMs, dateMs: nowMs })).toEqual(
      expect.any(String),
    );
    expect(counted()).toEqual({ hmac: 2, compare: 2 });
  },
);

test.each(["unknown-key-0123456789", "another-key-0123456789"])(
  "an API key that is unknown costs one hash: %s",
  (key) => {
    const snapshot = {
      revision: 1,
      instance: "i",
      apis: new Map(),
      services: new Map(),
      consumers: new Map(),
    };
    const plan = createPlan(snapshot, new Map(), credentials, { clock: systemClock, random: Math.random });
    work.counts.clear();
    expect(findCredential(key, plan)).toBeUndefined();
    expect(counted()).toEqual({ hash: 1 });
  },
);

test.each(["app", "nobody"])(
  "a token with a wrong signature costs one check, be its claim %s",
  async (sub) => {
    const forged = generateKeyPairSync("ed25519").privateKey;
    const token = await new SignJWT({ iss: issuer, sub })
      .setExpirationTime("1h")
      .setProtectedHeader({ alg: "EdDSA" })
      .sign(forged);
    const keys = new TokenKeys({ get: () => Promise.reject(new Error("down")), clock: systemClock });
    const surroundings = { credentials, verified: new Map(), keys, wallMs: Date.now() };
    expect(await proveToken(token, surroundings)).toEqual(expect.any(String));
    expect(counted()).toEqual({ hash: 1, verify: 1 });
  },
);
