// U32: names that do not resolve, resolve late, to several addresses of which one is dead, or to others than before.
// The system's resolver is replaced, as no test may ask a real one; which addresses are allowed: `upstream-networks.test.ts`.
import type nodeDns from "node:dns";
import type { LookupAddress } from "node:dns";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { expectOwnError } from "./support/error-shapes.ts";
import { startScene } from "./support/fault-scene.ts";
import { faults, healthyBody, startFaultUpstream } from "./support/fault-upstream.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient } from "./support/raw-client.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";

/** What the resolver says of a name: a code, addresses, or nothing at all. */
type Resolution = { readonly code: string } | { readonly addresses: readonly string[] } | "never";

const resolver = vi.hoisted(() => ({
  names: new Map<string, unknown>(),
  asked: new Map<string, number>(),
}));

type Answered = (error: Error | null, addresses?: readonly LookupAddress[]) => void;

vi.mock("node:dns", async (original) => ({
  ...(await original<typeof nodeDns>()),
  lookup: (name: string, _options: object, answered: Answered): void => {
    resolver.asked.set(name, (resolver.asked.get(name) ?? 0) + 1);
    // Only `resolve` below fills the table.
    const said = resolver.names.get(name) as Resolution | undefined;
    if (said === "never") return;
    queueMicrotask(() => {
      if (said === undefined) throw new Error(`nobody said what ${name} is`);
      if ("code" in said) answered(Object.assign(new Error(`resolver: ${name}`), said));
      else answered(null, said.addresses.map(toLookup));
    });
  },
}));

function toLookup(address: string): LookupAddress {
  return { address, family: address.includes(":") ? 6 : 4 };
}

const keep = createKeeper();
const host = "service.test";

function resolve(to: Resolution, name = host): void {
  resolver.names.set(name, to);
}

beforeEach(() => {
  resolver.names.clear();
  resolver.asked.clear();
});

async function healthy(wire: ProtocolCase, stream = false): Promise<RawUpstream> {
  return keep(await startFaultUpstream(faults.healthy, { wire, stream, seen: Promise.resolve() }));
}

interface Row {
  readonly name: string;
  readonly resolution: Resolution;
  readonly connectMs?: number;
}

const rows: readonly Row[] = [
  { name: "no such name", resolution: { code: "ENOTFOUND" } },
  { name: "a resolver that fails", resolution: { code: "EAI_AGAIN" } },
  { name: "a resolver that does not answer", resolution: "never", connectMs: 150 },
  { name: "a name without addresses", resolution: { addresses: [] } },
  {
    name: "only addresses that are never a service",
    resolution: { addresses: ["169.254.169.254", "fe80::1"] },
  },
  { name: "only addresses where nothing listens", resolution: { addresses: ["::1", "127.0.0.1"] } },
];

const cells = rows.flatMap((row) =>
  protocolCases.flatMap((wire) =>
    [false, true].flatMap((stream) =>
      [false, true].map((fallback) => {
        const name = `U32 ${row.name}, ${wire.protocol} ${stream ? "stream" : "plain"}`;
        const ending = fallback ? "the second answers" : "502 upstream_unreachable";
        return { ...row, wire, stream, fallback, name: `${name}: ${ending}` };
      }),
    ),
  ),
);

/** A port where nothing listens any more. */
async function freePort(wire: ProtocolCase): Promise<number> {
  const upstream = await startFaultUpstream(faults.healthy, { wire, stream: false, seen: Promise.resolve() });
  await upstream.close();
  return upstream.port;
}

describe(`${cells.length} cells of DNS fault x protocol x plain or streamed x fallback or none`, () => {
  test.each(named(cells))("%s", async (_name, { resolution, connectMs = 20_000, wire, stream, fallback }) => {
    resolve(resolution);
    const url = new URL(`http://${host}:${await freePort(wire)}`);
    const first = { fault: url, fields: { timeouts: { connectMs } } };
    const scene = await startScene(keep, fallback ? [first, "healthy"] : [first], { wire, stream });
    const { answer, attempts, record } = await scene.ask();
    expect(resolver.asked.get(host)).toBe(1);
    expect(attempts).toHaveLength(fallback ? 2 : 1);
    expect(attempts[0]).toMatchObject({
      service: "s0",
      status: 0,
      outcome: "upstream_error",
      reason: "network-error",
      nextAction: fallback ? "fallback" : "none",
    });
    if (fallback) {
      expect(answer.text()).toBe(healthyBody({ wire, stream }));
      expect(record).toMatchObject({ outcome: "ok", fallbackFrom: "s0", service: "s1" });
    } else {
      expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_unreachable" });
      expect(answer.text()).not.toContain(host);
      expect(record).toMatchObject({ outcome: "upstream_error", errorCode: "upstream_unreachable" });
    }
  });
});

describe.each(protocolCases)("$protocol", (wire) => {
  test.each([
    ["the dead one first", ["::1", "127.0.0.1"]],
    ["the dead one last", ["127.0.0.1", "::1"]],
    ["one that is never a service first", ["169.254.169.254", "127.0.0.1"]],
  ])("U32 one dead address of several, %s: the other is used", async (_name, addresses) => {
    const upstream = await healthy(wire);
    resolve({ addresses });
    const scene = await startScene(keep, [new URL(`http://${host}:${upstream.port}`)], { wire });
    const { answer, attempts } = await scene.ask();
    expect(answer.text()).toBe(wire.answer);
    expect(attempts).toHaveLength(1);
    expect(upstream.requests).toHaveLength(1);
  });

  test("U32 a name that resolves again is reached again", async () => {
    const upstream = await healthy(wire);
    const scene = await startScene(keep, [new URL(`http://${host}:${upstream.port}`)], { wire });
    resolve({ code: "ENOTFOUND" });
    expect((await scene.ask()).answer.status).toBe(502);
    resolve({ addresses: ["127.0.0.1"] });
    expect((await scene.ask()).answer.status).toBe(200);
  });

  test("U32 a name that comes to mean a forbidden address is checked again for the next connection", async () => {
    const upstream = await healthy(wire);
    const scene = await startScene(keep, [new URL(`http://${host}:${upstream.port}`)], { wire });
    resolve({ addresses: ["127.0.0.1"] });
    expect((await scene.ask()).answer.status).toBe(200);
    resolve({ addresses: ["0.0.0.0"] });
    // The kept connection goes where it went; a new one is checked.
    expect((await scene.ask()).answer.status).toBe(200);
    const connection = await upstream.connection(0);
    connection.socket.end();
    await connection.leaving();
    const { answer } = await scene.ask();
    expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_unreachable" });
    expect(upstream.connections).toHaveLength(1);
  });

  // The gateway's part of it: that the system's resolver has few threads is not seen here.
  test("U32 requests that wait for a resolver hold up no other service", async () => {
    const upstream = await healthy(wire);
    resolve("never");
    resolve({ addresses: ["127.0.0.1"] }, "other.test");
    const slow = await startScene(keep, [new URL(`http://${host}:80`)], { wire });
    const other = await startScene(keep, [new URL(`http://other.test:${upstream.port}`)], { wire });
    const waiting: RawClient[] = [];
    for (let count = 0; count < 20; count += 1) {
      const client = await RawClient.connect(slow.gateway.port);
      client.send(slow.gateway.bytes({ path: wire.path, body: wire.request(false) }));
      waiting.push(client);
    }
    expect((await other.ask()).answer.status).toBe(200);
    // They share one look-up: more would take the resolver's few threads.
    expect(resolver.asked.get(host)).toBe(1);
    for (const client of waiting) client.destroy();
    await slow.gateway.recordWhere(({ outcome }) => outcome === "client_closed");
  });
});
