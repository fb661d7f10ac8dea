// Kept connections to a service: reused when they are sound, mended once when they are stale, dropped when they carried too much.
import { describe, expect, test } from "vitest";
import { singleTarget } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { faults, startMixedUpstream, type Fault, type FaultContext } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient } from "./support/raw-client.ts";

const keep = createKeeper();

/** Without configured retries, so that what is sent twice is sent for the connection's sake. */
async function gatewayTo(url: string, wire: ProtocolCase): Promise<Gateway> {
  return keep(await startGateway(singleTarget(url, wire.protocol, { api: { retries: { max: 0 } } })));
}

function request(wire: ProtocolCase, stream: boolean): { path: string; body: string } {
  return { path: wire.path, body: wire.request(stream) };
}

describe.each(protocolCases)("$protocol", (wire) => {
  const shapes = [{ stream: false }, { stream: true }];
  const already = Promise.resolve();

  test.each(shapes)(
    "U4 a kept connection that is reset when it is used again costs one transparent resend (stream: $stream)",
    async ({ stream }) => {
      const context: FaultContext = { wire, stream, seen: already };
      const upstream = keep(
        await startMixedUpstream(context, ({ connection }) =>
          connection.number === 0 && connection.requests.length === 2 ? faults.resetBeforeHead : undefined,
        ),
      );
      const gateway = await gatewayTo(upstream.url, wire);
      const client = await RawClient.connect(gateway.port);
      const first = await client.request(request(wire, stream));
      const second = await client.request(request(wire, stream));
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.text()).toBe(first.text());
      expect(upstream.requests.map(({ connection }) => connection.number)).toEqual([0, 0, 1]);
      const record = await gateway.record(second.header("x-request-id"));
      expect(record.outcome).toBe("ok");
      expect(record.attempts).toMatchObject([
        { outcome: "upstream_error", reason: "network-error", nextAction: "retry" },
        { outcome: "ok", reason: "", nextAction: "none" },
      ]);
      expect(second.header("x-moongate-attempts")).toBe("2");
      client.destroy();
    },
  );

  test("U4 a kept connection that is closed while idle is not used again", async () => {
    const upstream = keep(await startMixedUpstream({ wire, stream: false, seen: already }, () => undefined));
    const gateway = await gatewayTo(upstream.url, wire);
    const client = await RawClient.connect(gateway.port);
    await client.request(request(wire, false));
    const connection = await upstream.connection(0);
    connection.socket.end();
    await connection.leaving();
    const second = await client.request(request(wire, false));
    expect(second.status).toBe(200);
    expect(upstream.connections).toHaveLength(2);
    client.destroy();
  });

  test("U4 a fresh connection that is reset is not tried again when retries are off", async () => {
    const upstream = keep(
      await startMixedUpstream({ wire, stream: false, seen: already }, () => faults.resetBeforeHead),
    );
    const gateway = await gatewayTo(upstream.url, wire);
    const client = await RawClient.connect(gateway.port);
    const answer = await client.request(request(wire, false));
    expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_error" });
    expect(upstream.requests).toHaveLength(1);
    client.destroy();
  });

  test("a network error is retried once by default, and both sends are attempts", async () => {
    const upstream = keep(
      await startMixedUpstream({ wire, stream: false, seen: already }, ({ connection }) =>
        connection.number === 0 ? faults.resetBeforeHead : undefined,
      ),
    );
    const gateway = keep(await startGateway(singleTarget(upstream.url, wire.protocol)));
    const client = await RawClient.connect(gateway.port);
    const answer = await client.request(request(wire, false));
    expect(answer.status).toBe(200);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record.attempts).toMatchObject([
      { outcome: "upstream_error", reason: "network-error", nextAction: "retry" },
      { outcome: "ok", reason: "", nextAction: "none" },
    ]);
    client.destroy();
  });

  test.each([
    ["surplus bytes", faults.extraBytes],
    ["a second answer", faults.secondAnswer],
  ] as const satisfies readonly (readonly [string, Fault])[])(
    "U20 a connection that carried %s is not used again, and the next answer is its own",
    async (_name, fault) => {
      const upstream = keep(
        await startMixedUpstream({ wire, stream: false, seen: already }, ({ connection }) =>
          connection.number === 0 ? fault : undefined,
        ),
      );
      const gateway = await gatewayTo(upstream.url, wire);
      const client = await RawClient.connect(gateway.port);
      const first = await client.request(request(wire, false));
      const second = await client.request(request(wire, false));
      expect([first.text(), second.text()]).toEqual([wire.answer, wire.answer]);
      expect(upstream.requests.map(({ connection }) => connection.number)).toEqual([0, 1]);
      client.destroy();
    },
  );

  test("U20 an answer that nobody asked for, sent on an idle connection, poisons nothing", async () => {
    const upstream = keep(await startMixedUpstream({ wire, stream: false, seen: already }, () => undefined));
    const gateway = await gatewayTo(upstream.url, wire);
    const client = await RawClient.connect(gateway.port);
    await client.request(request(wire, false));
    const connection = await upstream.connection(0);
    connection.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"poisoned":true}');
    await connection.leaving();
    const second = await client.request(request(wire, false));
    expect(second.text()).toBe(wire.answer);
    client.destroy();
  });
});
