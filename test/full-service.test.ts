// U34: a service with as many requests in flight as it may have. It costs its own callers a 503 and nobody else anything.
// No time passes for the gateway meanwhile: nobody is told after a wait.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { faults, healthyBody, startFaultUpstream } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, RawClient } from "./support/raw-client.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";
import { stillClock } from "./support/still-clock.ts";

const keep = createKeeper();
const maxInFlight = 40;

type Fallback = "none" | "without the trigger" | "with the trigger";

interface Context {
  readonly wire: ProtocolCase;
  readonly stream: boolean;
}

/** `full` stalls on every request; `/other` goes to a healthy service alone. */
async function gatewayOf(
  context: Context,
  fallback: Fallback,
): Promise<{ gateway: Gateway; full: RawUpstream }> {
  const { wire } = context;
  const served = { ...context, seen: Promise.resolve() };
  const full = keep(await startFaultUpstream(faults.stallInside, served));
  const healthy = keep(await startFaultUpstream(faults.healthy, served));
  const on = fallback === "with the trigger" ? { on: ["policy-rejection"] } : {};
  const document: TestDocument = {
    services: [
      serviceAt(full.url, wire.protocol, { name: "full", maxInFlight }),
      serviceAt(healthy.url, wire.protocol, { name: "healthy" }),
    ],
    modelApis: [
      apiOf(wire.protocol, {
        name: "busy",
        modelService: { mode: "single", target: { service: "full" } },
        ...(fallback === "none" ? {} : { fallback: { targets: [{ service: "healthy" }], ...on } }),
      }),
      apiOf(wire.protocol, {
        name: "other",
        basePath: "/other",
        stripBasePath: true,
        modelService: { mode: "single", target: { service: "healthy" } },
      }),
    ],
  };
  return { gateway: keep(await startGateway(document, { clock: stillClock })), full };
}

/** As many requests as may be in flight, all of which wait for their answer. */
async function fill(gateway: Gateway, full: RawUpstream, { wire, stream }: Context): Promise<RawClient[]> {
  const clients = await Promise.all(
    Array.from({ length: maxInFlight }, async () => RawClient.connect(gateway.port)),
  );
  for (const client of clients) client.send(gateway.bytes({ path: wire.path, body: wire.request(stream) }));
  await full.request(maxInFlight - 1);
  return clients;
}

const cells = protocolCases.flatMap((wire) =>
  [false, true].flatMap((stream) =>
    (["none", "without the trigger", "with the trigger"] as const).map((fallback) => ({
      wire,
      stream,
      fallback,
      name: `U34 ${wire.protocol} ${stream ? "stream" : "plain"}, fallback: ${fallback}`,
    })),
  ),
);

describe(`${cells.length} cells: ${maxInFlight} requests in flight where no more are allowed`, () => {
  test.each(named(cells))("%s", async (_name, { fallback, ...context }) => {
    const { wire, stream } = context;
    const { gateway, full } = await gatewayOf(context, fallback);
    const clients = await fill(gateway, full, context);
    const parts = { path: wire.path, body: wire.request(stream) };
    const answer = await exchange(gateway.port, parts);
    const record = await gateway.record(answer.header("x-request-id"));
    if (fallback === "with the trigger") {
      expect(answer.text()).toBe(healthyBody(context));
      expect(answer.header("x-moongate-fallback-from")).toBe("full");
      expect(answer.header("x-moongate-attempts")).toBe("1");
      expect(record).toMatchObject({ outcome: "ok", service: "healthy", fallbackFrom: "full" });
      expect(record.attempts).toMatchObject([{ service: "healthy", outcome: "ok", nextAction: "none" }]);
    } else {
      expectOwnError(answer, { protocol: wire.protocol, status: 503, code: "overloaded" });
      expect(Number(answer.header("retry-after"))).toBeGreaterThan(0);
      expect(record).toMatchObject({ outcome: "limited", errorCode: "overloaded", attempts: [] });
    }
    expect(full.requests).toHaveLength(maxInFlight);

    const other = await exchange(gateway.port, { ...parts, path: `/other${wire.path}` });
    expect(other).toMatchObject({ status: 200, complete: true });

    // A place that becomes free is there for the next.
    clients.pop()?.destroy();
    await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    const next = await RawClient.connect(gateway.port);
    next.send(gateway.bytes(parts));
    await full.request(maxInFlight);
    for (const client of [...clients, next]) client.destroy();
  });
});
