// Tests of services whose connection does not come about: look-up, TCP and TLS, over real sockets.
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBlackHole } from "./support/black-hole.ts";
import { createAuthority, selfSigned } from "./support/certificate.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";
import {
  course,
  faultOf,
  healthy,
  run,
  startTested,
  startTestedTls,
  withKey,
} from "./support/tested-service.ts";

const keep = createKeeper();

describe("the address", () => {
  test.each([
    ["a host that there is not", "http://no-such-host.invalid", "-dns xtcp", /no host/u],
    ["a link-local address", "http://169.254.169.254", ".dns -tcp", /may not reach/u],
  ])("%s", async (_name, url, begin, message) => {
    const report = await run({ baseUrl: url });
    expect(course(report)).toBe(`${begin} xtls xauth xmodels xcall`);
    expect(faultOf(report)).toMatch(message);
  });

  test("a port where nothing listens", async () => {
    const gone = await startRawUpstream();
    await gone.close();
    const report = await run({ baseUrl: gone.url });
    expect(course(report)).toBe(".dns -tcp xtls xauth xmodels xcall");
    expect(faultOf(report)).toContain("refused");
  });

  test("an address in a network that is closed to services", async () => {
    const service = await startTested(keep, healthy);
    const named = await run(
      { baseUrl: service.url.replace("127.0.0.1", "localhost") },
      { networks: "public" },
    );
    expect(course(named)).toBe("-dns xtcp xtls xauth xmodels xcall");
    const literal = await run({ baseUrl: service.url }, { networks: "public" });
    expect(course(literal)).toBe(".dns -tcp xtls xauth xmodels xcall");
    expect(service.seen).toEqual([]);
  });

  test("a host that takes no connection", async () => {
    const hole = keep(await startBlackHole());
    const report = await run({ baseUrl: hole.url, timeouts: { connectMs: 50 } });
    expect(course(report)).toBe(".dns -tcp xtls xauth xmodels xcall");
    expect(faultOf(report)).toContain("connect timeout");
  });
});

describe("TLS", () => {
  const authority = createAuthority("an authority for tests");
  const before = getCACertificates("default");
  const now = { validFromDays: -1, validToDays: 2 };
  beforeAll(() => setDefaultCACertificates([...before, authority.cert]));
  afterAll(() => setDefaultCACertificates(before));

  test("a good certificate is named", async () => {
    const report = await run(
      withKey(await startTestedTls(keep, authority.issue({ name: "localhost", ...now }))),
    );
    expect(course(report)).toBe("+dns +tcp +tls +auth +models +call");
    expect(report.steps[0]?.message).toMatch(/localhost is (?:127\.0\.0\.1|::1)/u);
    expect(report.steps[2]?.message).toMatch(/TLSv1\.3, certificate of localhost until/u);
  });

  test.each([
    ["one that nobody vouches for", () => selfSigned({ name: "localhost", ...now }), "self-signed"],
    [
      "one that has ended",
      () => authority.issue({ name: "localhost", validFromDays: -9, validToDays: -2 }),
      "has expired",
    ],
    ["another host's", () => authority.issue({ name: "other.test", ...now }), "another host name"],
  ])("a bad certificate: %s", async (_name, identity, words) => {
    const report = await run({ baseUrl: await startTestedTls(keep, identity()) });
    expect(course(report)).toBe("+dns +tcp -tls xauth xmodels xcall");
    expect(faultOf(report)).toContain(words);
  });

  test("a port without TLS", async () => {
    const service = await startTested(keep, healthy);
    const report = await run({ baseUrl: service.url.replace("http://127.0.0.1", "https://localhost") });
    expect(course(report)).toBe("+dns +tcp -tls xauth xmodels xcall");
    expect(faultOf(report)).toContain("No TLS is spoken");
    expect(service.seen).toEqual([]);
  });
});
