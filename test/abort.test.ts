// A client that goes away takes its upstream call with it, at every stage, however it leaves. How soon is a figure of
// `npm run bench:leaving`; here no time passes for the gateway, so that no timeout can end the call instead.
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { singleTarget } from "./support/configuration.ts";
import { faults, startFaultUpstream, type FaultContext, type FaultName } from "./support/fault-upstream.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient } from "./support/raw-client.ts";
import { named } from "./support/named.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";
import { stillClock } from "./support/still-clock.ts";

const departures = {
  "closes the socket": (client: RawClient) => client.destroy(),
  "resets the connection": (client: RawClient) => client.reset(),
  "sends FIN and waits": (client: RawClient) => client.halfClose(),
} as const;
const departureNames = Object.keys(departures) as (keyof typeof departures)[];

interface Stage {
  readonly stage: string;
  readonly stream: boolean;
  readonly fault: FaultName;
  /** Has the client seen anything by then? */
  readonly committed: boolean;
}

const stages: readonly Stage[] = [
  { stage: "before the answer's head, plain", stream: false, fault: "stallBeforeHead", committed: false },
  { stage: "before the answer's head, streamed", stream: true, fault: "stallBeforeHead", committed: false },
  { stage: "in the middle of a plain answer", stream: false, fault: "stallInside", committed: false },
  { stage: "before the first data of a stream", stream: true, fault: "stallAfterHead", committed: false },
  { stage: "between keep-alive comments", stream: true, fault: "commentsOnly", committed: false },
  { stage: "mid-stream", stream: true, fault: "stallInside", committed: true },
];

interface Route {
  readonly route: string;
  readonly wire: ProtocolCase;
  readonly path: string;
  readonly streams: boolean;
}

const paths: Readonly<Record<string, readonly { path: string; streams: boolean }[]>> = {
  openai: [
    { path: "/v1/chat/completions", streams: true },
    { path: "/v1/completions", streams: true },
  ],
  anthropic: [
    { path: "/v1/messages", streams: true },
    { path: "/v1/messages/count_tokens", streams: false },
  ],
};

const routes: readonly Route[] = protocolCases.flatMap((wire) =>
  (paths[wire.protocol] ?? []).map(({ path, streams }) => ({ route: path, wire, path, streams })),
);

const cells = routes.flatMap((route) =>
  stages
    .filter((stage) => route.streams || !stage.stream)
    .flatMap((stage) =>
      departureNames.map((departure) => ({
        ...route,
        ...stage,
        departure,
        name: `${route.route}: the client ${departure} ${stage.stage}`,
      })),
    ),
);

const keep = createKeeper();

/** Waits until a socket has bytes to send and has sent none for many turns of the event loop: nobody reads at the other end. */
async function blocked(socket: Socket): Promise<void> {
  const quietTurns = 1000;
  let before = -1;
  for (let quiet = 0; quiet < quietTurns; quiet += 1) {
    const sent = socket.bytesWritten - socket.writableLength;
    if (sent !== before || socket.writableLength === 0) quiet = 0;
    before = sent;
    await nextTurn();
  }
}

async function reached(
  upstream: RawUpstream,
  client: RawClient,
  { wire, committed }: Stage & Route,
): Promise<void> {
  await upstream.request(0);
  if (committed) await client.body((body) => body.includes(wire.semantic));
}

describe(`${cells.length} cells of route x stage x departure: the service's connection is closed`, () => {
  test.each(named(cells))("%s", async (_name, cell) => {
    const context: FaultContext = { wire: cell.wire, stream: cell.stream, seen: Promise.resolve() };
    const upstream = keep(await startFaultUpstream(faults[cell.fault], context));
    const gateway = keep(
      await startGateway(singleTarget(upstream.url, cell.wire.protocol), { clock: stillClock }),
    );
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ path: cell.path, body: cell.wire.request(cell.stream) }));
    await reached(upstream, client, cell);
    const connection = await upstream.connection(0);
    expect(connection.leftAtMs).toBeUndefined();
    departures[cell.departure](client);
    await connection.leaving();

    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({ outcome: "client_closed", status: 499, stream: cell.stream });
    expect(record.attempts).toMatchObject([{ outcome: "client_closed", nextAction: "none" }]);
    expect(upstream.requests).toHaveLength(1);
    client.destroy();
  });
});

describe.each(protocolCases)("$protocol", (wire) => {
  test("a client that leaves while its request is still arriving never reaches the service", async () => {
    const upstream = keep(
      await startFaultUpstream(faults.healthy, { wire, stream: false, seen: Promise.resolve() }),
    );
    const gateway = keep(await startGateway(singleTarget(upstream.url, wire.protocol)));
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ path: wire.path, body: wire.request(false) }).subarray(0, -10));
    // A second client's whole exchange proves that the gateway has read the first one's beginning.
    const other = await RawClient.connect(gateway.port);
    await other.request({ path: wire.path, body: wire.request(false) });
    client.destroy();
    const record = await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record).toMatchObject({ status: 499, attempts: [] });
    expect(upstream.requests).toHaveLength(1);
    other.destroy();
  });

  test("a client that stopped reading and then leaves frees the service too", async () => {
    const upstream = keep(
      await startFaultUpstream(faults.flood, { wire, stream: true, seen: Promise.resolve() }),
    );
    const gateway = keep(
      await startGateway(singleTarget(upstream.url, wire.protocol), { clock: stillClock }),
    );
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ path: wire.path, body: wire.request(true) }));
    await client.body((body) => body.includes(wire.semantic));
    client.pause();
    const connection = await upstream.connection(0);
    await blocked(connection.socket);
    expect(connection.leftAtMs).toBeUndefined();
    client.reset();
    await connection.leaving();
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({ outcome: "client_closed", status: 499 });
  });

  test("a client that leaves after its whole answer is no abort", async () => {
    const upstream = keep(
      await startFaultUpstream(faults.healthy, { wire, stream: true, seen: Promise.resolve() }),
    );
    const gateway = keep(await startGateway(singleTarget(upstream.url, wire.protocol)));
    const client = await RawClient.connect(gateway.port);
    const answer = await client.request({ path: wire.path, body: wire.request(true) });
    client.destroy();
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", status: 200 });
  });
});
