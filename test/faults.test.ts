// What becomes of a request whose only model service breaks, in every way of the fault catalogue, over real sockets.
import { describe, expect, test } from "vitest";
import { startBlackHole } from "./support/black-hole.ts";
import { singleTarget, providerKey } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import {
  faultTable,
  noIdle,
  type Ending,
  type Refused,
  type Row,
  type Timeouts,
} from "./support/fault-table.ts";
import {
  credentialCanary,
  faults,
  refusedUrl,
  startFaultUpstream,
  type FaultContext,
} from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";

interface Cell extends Row {
  readonly wire: ProtocolCase;
}

const cells: readonly (readonly [title: string, cell: Cell])[] = faultTable.flatMap((row) =>
  protocolCases.map((wire) => [titleOf(row, wire), { ...row, wire }] as const),
);

function titleOf({ fault, shape, why, ending }: Row, { protocol }: ProtocolCase): string {
  const known: { id: string; name: string } =
    fault === "refused"
      ? { id: "U1", name: "connection refused" }
      : fault === "blackHole"
        ? { id: "U2", name: "connection never answered" }
        : faults[fault];
  return `${known.id} ${known.name}, ${protocol} ${shape}${why === undefined ? "" : `, ${why}`}: ${describeEnding(ending)}`;
}

function describeEnding(ending: Ending): string {
  switch (ending.kind) {
    case "refused":
      return `${ending.status} ${ending.code}`;
    case "passed":
      return `${ending.status} passed on`;
    case "broken":
      return "ends honestly";
    case "whole":
      return `whole, outcome ${ending.outcome}`;
  }
}

/** Failures after which a connection cannot be used again. */
const halfway: ReadonlySet<string> = new Set(["network-error", "timeout", "first-packet-timeout"]);

const keep = createKeeper();

/** A promise that a test settles itself. */
function signal(): { readonly promise: Promise<void>; readonly send: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, send: () => resolve() };
}

async function gatewayTo(url: string, wire: ProtocolCase, timeouts: Timeouts = noIdle): Promise<Gateway> {
  const { firstPacketMs, ...rest } = timeouts;
  const document = singleTarget(url, wire.protocol, {
    service: { timeouts: rest },
    api: {
      retries: { max: 0 },
      ...(firstPacketMs === undefined ? {} : { firstPacketTimeoutMs: firstPacketMs }),
    },
  });
  return keep(await startGateway(document));
}

function request(wire: ProtocolCase, stream: boolean): { path: string; body: string } {
  return { path: wire.path, body: wire.request(stream) };
}

function hasData(wire: ProtocolCase): (body: Buffer) => boolean {
  return (body) => body.includes(wire.semantic);
}

describe(`one service breaks: ${cells.length} cells of fault x protocol x plain or streamed`, () => {
  test.each(cells)("%s", async (_title, { fault, shape, timeouts, wire, ending }) => {
    const seen = signal();
    const stream = shape === "stream";
    const context: FaultContext = { wire, stream, seen: seen.promise };
    const { url, upstream } = await target(fault, context);
    const gateway = await gatewayTo(url, wire, timeouts);
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes(request(wire, stream)));
    if (ending.kind === "broken") {
      await client.body(hasData(wire));
      seen.send();
    }
    const answer = await client.answer();
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({
      stream,
      status: answer.status,
      service: "up",
      requestedModel: wire.model,
    });
    expect(record.attempts).toHaveLength(1);
    switch (ending.kind) {
      case "refused":
        expectRefused(answer, wire, ending);
        expect(record).toMatchObject({ outcome: ending.outcome, errorCode: ending.code });
        expect(record.attempts[0]).toMatchObject({
          outcome: ending.attempt,
          reason: ending.reason,
          nextAction: "none",
        });
        break;
      case "passed":
        expect(answer).toMatchObject({ status: ending.status, complete: true });
        expect(answer.text()).toBe(ending.body);
        expect(answer.header("retry-after")).toBe(ending.retryAfter);
        expect(record).toMatchObject({ outcome: ending.outcome, upstreamStatus: ending.status });
        expect(record.attempts[0]).toMatchObject({ status: ending.status, reason: ending.reason });
        break;
      case "broken":
        expectHonestEnd(answer, wire);
        expect(await client.closed()).toBeGreaterThan(0);
        expect(record).toMatchObject({ status: 200, outcome: "truncated" });
        expect(record.attempts[0]).toMatchObject({
          status: 200,
          outcome: "truncated",
          reason: ending.reason,
        });
        break;
      case "whole":
        expect(answer).toMatchObject({ status: 200, complete: true });
        expectWhole(answer, fault, wire, stream);
        expect(record.outcome).toBe(ending.outcome);
        break;
    }
    // Whatever broke below the answer, the connection to the service is not left open half-way.
    if (upstream !== undefined && "reason" in ending && halfway.has(ending.reason)) await upstream.idle();
    client.destroy();
  });
});

async function target(
  fault: Row["fault"],
  context: FaultContext,
): Promise<{ url: string; upstream?: RawUpstream }> {
  if (fault === "refused") return { url: await refusedUrl() };
  if (fault === "blackHole") return { url: keep(await startBlackHole()).url };
  const upstream = keep(await startFaultUpstream(faults[fault], context));
  return { url: upstream.url, upstream };
}

function expectRefused(answer: Answer, wire: ProtocolCase, { status, code }: Refused): void {
  expectOwnError(answer, { protocol: wire.protocol, status, code });
  const everything = answer.head.toString("latin1") + answer.text();
  for (const secret of [credentialCanary, providerKey, "stolen", "poisoned", wire.endMarker]) {
    expect(everything).not.toContain(secret);
  }
  expect(answer.header("location")).toBeUndefined();
}

/** What came is a true beginning; then the protocol's error event and a close, or just a close; never an honest end. */
function expectHonestEnd(answer: Answer, wire: ProtocolCase): void {
  const beginning = wire.noise + wire.semantic;
  const text = answer.text();
  expect(text.startsWith(beginning)).toBe(true);
  expect(text).not.toContain(wire.endMarker);
  const rest = text.slice(beginning.length);
  expect(rest.includes(wire.errorEvent) || !answer.complete).toBe(true);
}

function expectWhole(answer: Answer, fault: Row["fault"], wire: ProtocolCase, stream: boolean): void {
  const text = answer.text();
  expect(text).not.toContain("poisoned");
  expect(text).not.toContain("surplus");
  if (!stream) expect(text).toBe(wire.answer);
  else if (fault === "endWithoutMarker") expect(text).toBe(wire.noise + wire.semantic);
  else if (fault === "endlessLine")
    expect(text).toBe(`${wire.noise}${wire.semantic}data: ${"x".repeat(2_097_152)}`);
  else if (fault === "malformedEvent") expect(text.startsWith(wire.noise + wire.semantic)).toBe(true);
  else expect(text).toBe(wire.noise + wire.semantic + wire.closing);
}

describe.each(protocolCases)("$protocol", (wire) => {
  test("an error inside a 200 before any data is a failure with a mapped status", async () => {
    for (const stream of [false, true]) {
      const upstream = keep(
        await startFaultUpstream(faults.errorIn200, { wire, stream, seen: Promise.resolve() }),
      );
      const gateway = await gatewayTo(upstream.url, wire);
      const client = await RawClient.connect(gateway.port);
      const answer = await client.request(request(wire, stream));
      expectOwnError(answer, { protocol: wire.protocol, status: 500, code: "upstream_error" });
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({ outcome: "upstream_error", errorCode: "upstream_error", status: 500 });
      expect(record.attempts).toMatchObject([
        { status: 200, outcome: "upstream_error", reason: "error-in-200" },
      ]);
      client.destroy();
    }
  });
});
