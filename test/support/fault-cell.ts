// One cell of the fault suites: a request to a service that breaks, seen from the client to the end of its record.
// What must become of it is in `fault-table.ts`.
import { expect } from "vitest";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import { startBlackHole } from "./black-hole.ts";
import { providerKey } from "./configuration.ts";
import { expectOwnError } from "./error-shapes.ts";
import { catalogue, type Ending, type Refused, type Row } from "./fault-table.ts";
import {
  credentialCanary,
  healthyBody,
  refusedUrl,
  startFaultUpstream,
  type FaultContext,
} from "./fault-upstream.ts";
import type { Gateway } from "./gateway.ts";
import type { Keep } from "./keeper.ts";
import type { ProtocolCase } from "./protocol-cases.ts";
import { RawClient, type Answer } from "./raw-client.ts";
import type { RawUpstream } from "./raw-upstream.ts";

export interface Cell extends Row {
  readonly wire: ProtocolCase;
}

/** What a request came to. */
export interface Result {
  readonly answer: Answer;
  readonly record: ExchangeRecord;
  readonly client: RawClient;
}

/** A service that breaks, and the promise that it waits for before it breaks after the commit. */
export interface BrokenService {
  readonly url: string;
  /** Absent where nothing listens. */
  readonly upstream?: RawUpstream;
  /** Says that the client has its first data. */
  readonly seen: () => void;
}

/** Title of a cell: the row of the fault catalogue, what happens, where. */
export function cellTitle({ fault, shape, why }: Row, { protocol }: ProtocolCase): string {
  const known: { id: string; name: string } =
    fault === "refused"
      ? { id: "U1", name: "connection refused" }
      : fault === "blackHole"
        ? { id: "U2", name: "connection never answered" }
        : catalogue[fault];
  return `${known.id} ${known.name}, ${protocol} ${shape}${why === undefined ? "" : `, ${why}`}`;
}

export function describeEnding(ending: Ending): string {
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

export async function startBroken({ fault, shape, wire }: Cell, keep: Keep): Promise<BrokenService> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen = (): void => resolve();
  if (fault === "refused") return { url: await refusedUrl(), seen };
  if (fault === "blackHole") return { url: keep(await startBlackHole()).url, seen };
  const context: FaultContext = { wire, stream: shape === "stream", seen: promise };
  const upstream = keep(await startFaultUpstream(catalogue[fault], context));
  return { url: upstream.url, upstream, seen };
}

/** Sends the request of a cell, after a healthy one where it needs a kept connection. */
export async function runCell(cell: Cell, gateway: Gateway, service: BrokenService): Promise<Result> {
  const { wire, shape, ending } = cell;
  const request = gateway.bytes({ path: wire.path, body: wire.request(shape === "stream") });
  const client = await RawClient.connect(gateway.port);
  if (cell.warmUp === true) {
    client.send(request);
    expect(await client.answer()).toMatchObject({ status: 200, complete: true });
  }
  client.send(request);
  if (ending.kind === "broken") {
    await client.body((body) => body.includes(wire.semantic));
    service.seen();
  }
  const answer = await client.answer();
  const record = await gateway.record(answer.header("x-request-id"));
  return { answer, record, client };
}

/** Failures after which a connection cannot be used again. */
const halfway: ReadonlySet<string> = new Set(["network-error", "timeout", "first-packet-timeout"]);

/** Whatever broke below the answer, the connection to the service is not left open half-way. */
export async function expectNothingLeftOpen({ ending }: Cell, { upstream }: BrokenService): Promise<void> {
  if (upstream !== undefined && "reason" in ending && halfway.has(ending.reason)) await upstream.idle();
}

/** What the client has, and what the record says of it, when no other target is tried. */
export async function expectEnding(cell: Cell, { answer, record, client }: Result): Promise<void> {
  const { ending, wire, shape, sends = 1 } = cell;
  expect(record).toMatchObject({
    stream: shape === "stream",
    status: answer.status,
    service: "up",
    requestedModel: wire.model,
    fallbackFrom: "",
  });
  expect(record.attempts).toHaveLength(sends);
  expect(answer.header("x-moongate-attempts")).toBe(String(sends));
  expect(answer.header("x-moongate-fallback-from")).toBeUndefined();
  expect(record.attempts.at(-1)).toMatchObject({ service: "up", nextAction: "none" });
  switch (ending.kind) {
    case "refused":
      expectRefused(answer, wire, ending);
      expect(record).toMatchObject({ outcome: ending.outcome, errorCode: ending.code });
      expect(record.attempts.at(-1)).toMatchObject({ outcome: ending.attempt, reason: ending.reason });
      break;
    case "passed":
      expect(answer).toMatchObject({ status: ending.status, complete: true });
      expect(answer.text()).toBe(ending.body);
      expect(answer.header("retry-after")).toBe(ending.retryAfter);
      expect(record).toMatchObject({ outcome: ending.outcome, upstreamStatus: ending.status });
      expect(record.attempts.at(-1)).toMatchObject({
        status: ending.status,
        outcome: "upstream_error",
        reason: ending.reason,
      });
      break;
    case "broken":
      expectHonestEnd(answer, wire);
      expect(await client.closed()).toBeGreaterThan(0);
      expect(record).toMatchObject({ status: 200, outcome: "truncated" });
      expect(record.attempts.at(-1)).toMatchObject({
        status: 200,
        outcome: "truncated",
        reason: ending.reason,
      });
      break;
    case "whole":
      expect(answer).toMatchObject({ status: 200, complete: true });
      expectWhole(answer, cell);
      expect(record).toMatchObject({ outcome: ending.outcome, errorCode: "" });
      if (ending.outcome === "ok" && ending.opaque !== true) expect(record.usage).toMatchObject(wire.usage);
      expect(record.attempts.at(-1)).toMatchObject({ outcome: ending.outcome, reason: "" });
      break;
  }
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

/** Byte for byte what the service sent, and nothing of what it sent beyond. */
function expectWhole(answer: Answer, { fault, wire, shape }: Cell): void {
  const context = { wire, stream: shape === "stream", seen: Promise.resolve() };
  const served = fault === "refused" || fault === "blackHole" ? undefined : catalogue[fault];
  const body = served?.body?.(context) ?? Buffer.from(healthyBody(context));
  // Not with toEqual, which would print megabytes.
  const same = answer.body.equals(body);
  if (!same && body.length < 10_000) expect(answer.text()).toBe(body.toString());
  expect(same, `${answer.body.length} bytes came, ${body.length} were sent`).toBe(true);
}
