// What becomes of a request whose only model service breaks, in every way of the fault catalogue, over real sockets.
import { afterEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../src/core/errors.ts";
import type { AttemptOutcome, Trigger } from "../src/core/exchange-record.ts";
import type { Outcome } from "../src/core/outcome.ts";
import { singleTarget, providerKey } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import {
  blackHole,
  credentialCanary,
  failureBody,
  faults,
  rateLimitBody,
  refusedUrl,
  retryDate,
  startFaultUpstream,
  startMixedUpstream,
  type Fault,
  type FaultContext,
  type FaultName,
} from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";

type Shape = "plain" | "stream";

/** Own error before the commit. */
interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly attempt: AttemptOutcome;
  readonly reason: Trigger;
}

/** The service's error, passed on. */
interface Passed {
  readonly kind: "passed";
  readonly status: number;
  readonly body: string;
  readonly outcome: Outcome;
  readonly reason: Trigger | "";
  readonly retryAfter?: string;
}

/** After the commit: an honest break. */
interface Broken {
  readonly kind: "broken";
  readonly reason: Trigger;
}

/** Everything the service sent reaches the client. */
interface Whole {
  readonly kind: "whole";
  readonly outcome: Outcome;
}

type Ending = Refused | Passed | Broken | Whole;

interface Timeouts {
  readonly connectMs?: number;
  readonly idleMs?: number;
  readonly totalMs?: number;
  readonly firstPacketMs?: number;
}

interface Row {
  readonly fault: FaultName | "refused" | "blackHole";
  readonly shape: Shape;
  readonly timeouts?: Timeouts;
  readonly why?: string;
  readonly ending: Ending;
}

const unreachable: Refused = {
  kind: "refused",
  status: 502,
  code: "upstream_unreachable",
  outcome: "upstream_error",
  attempt: "upstream_error",
  reason: "network-error",
};
const brokenHttp: Refused = { ...unreachable, code: "upstream_error" };
const timedOut: Refused = {
  kind: "refused",
  status: 504,
  code: "upstream_timeout",
  outcome: "timeout",
  attempt: "timeout",
  reason: "timeout",
};
const noFirstPacket: Refused = { ...timedOut, code: "first_packet_timeout", reason: "first-packet-timeout" };
const errorInside: Refused = { ...brokenHttp, reason: "error-in-200" };
const emptyAnswer: Refused = { ...brokenHttp, reason: "empty-answer" };
const credentials: Refused = { ...brokenHttp, code: "upstream_credentials", reason: "upstream-credentials" };
const redirected: Refused = { ...brokenHttp, reason: "upstream-5xx" };
const cutOff: Broken = { kind: "broken", reason: "network-error" };
const stalled: Broken = { kind: "broken", reason: "timeout" };
const whole: Whole = { kind: "whole", outcome: "ok" };
const rateLimited: Passed = {
  kind: "passed",
  status: 429,
  body: rateLimitBody,
  outcome: "client_error",
  reason: "upstream-429",
};
const failed: Passed = {
  kind: "passed",
  status: 500,
  body: failureBody,
  outcome: "upstream_error",
  reason: "upstream-5xx",
};
const notFound: Passed = {
  kind: "passed",
  status: 404,
  body: failureBody,
  outcome: "client_error",
  reason: "upstream-4xx",
};

/** Long enough never to matter beside the short timeout that a row is about. */
const never = 20_000;
const short = 150;
const noIdle: Timeouts = { idleMs: never, totalMs: never };
const idle: Timeouts = { idleMs: short, totalMs: never };
const total: Timeouts = { idleMs: never, totalMs: short };
const firstPacket: Timeouts = { ...noIdle, firstPacketMs: short };

/** The same ending for a plain answer and for a stream. */
function both(fault: Row["fault"], ending: Ending, timeouts: Timeouts = noIdle): Row[] {
  return [
    { fault, shape: "plain", ending, timeouts },
    { fault, shape: "stream", ending, timeouts },
  ];
}

const rows: readonly Row[] = [
  ...both("healthy", whole),
  ...both("refused", unreachable),
  ...both("blackHole", unreachable, { ...noIdle, connectMs: short }),
  ...both("resetBeforeHead", brokenHttp),
  ...both("closeBeforeHead", brokenHttp),
  { fault: "stallBeforeHead", shape: "plain", timeouts: total, why: "total timeout", ending: timedOut },
  { fault: "stallBeforeHead", shape: "stream", timeouts: total, why: "total timeout", ending: timedOut },
  { fault: "stallBeforeHead", shape: "stream", timeouts: idle, why: "idle timeout", ending: timedOut },
  { fault: "stallBeforeHead", shape: "stream", timeouts: firstPacket, why: "first-packet timeout", ending: noFirstPacket },
  { fault: "stallAfterHead", shape: "plain", timeouts: idle, why: "idle timeout", ending: timedOut },
  { fault: "stallAfterHead", shape: "stream", timeouts: idle, why: "idle timeout", ending: timedOut },
  { fault: "stallAfterHead", shape: "stream", timeouts: firstPacket, why: "first-packet timeout", ending: noFirstPacket },
  { fault: "commentsOnly", shape: "stream", timeouts: firstPacket, why: "first-packet timeout", ending: noFirstPacket },
  {
    fault: "commentsOnly",
    shape: "stream",
    timeouts: { idleMs: 400, totalMs: never, firstPacketMs: 1200 },
    why: "comments hold off the idle timeout only",
    ending: noFirstPacket,
  },
  { fault: "resetInside", shape: "plain", ending: brokenHttp },
  { fault: "resetInside", shape: "stream", ending: cutOff },
  { fault: "finInsideChunk", shape: "plain", ending: brokenHttp },
  { fault: "finInsideChunk", shape: "stream", ending: cutOff },
  { fault: "endWithoutMarker", shape: "stream", ending: { kind: "whole", outcome: "truncated" } },
  { fault: "stallInside", shape: "plain", timeouts: idle, ending: timedOut },
  { fault: "stallInside", shape: "stream", timeouts: idle, why: "idle timeout", ending: stalled },
  { fault: "stallInside", shape: "stream", timeouts: total, why: "total timeout", ending: stalled },
  { fault: "malformedEvent", shape: "stream", ending: whole },
  { fault: "endlessLine", shape: "stream", ending: { kind: "whole", outcome: "truncated" } },
  ...both("html", errorInside),
  { fault: "invalidJson", shape: "plain", ending: errorInside },
  { fault: "shortBody", shape: "plain", ending: brokenHttp },
  { fault: "shortBody", shape: "stream", ending: cutOff },
  ...both("extraBytes", whole),
  ...both("secondAnswer", whole),
  ...both("lengthAndChunked", brokenHttp),
  ...both("twoLengths", brokenHttp),
  ...both("hugeHeader", brokenHttp),
  ...both("manyHeaders", brokenHttp),
  ...both("processing", whole),
  ...both("earlyHints", whole),
  ...both("unsolicitedContinue", brokenHttp),
  ...both("switchingProtocols", brokenHttp),
  ...both("retryAfterSeconds", { ...rateLimited, retryAfter: "7" }),
  ...both("retryAfterDate", { ...rateLimited, retryAfter: retryDate }),
  ...both("unauthorized", credentials),
  ...both("paymentRequired", credentials),
  ...both("forbidden", credentials),
  ...both("serverError", failed),
  ...both("redirect", redirected),
  ...both("notFound", notFound),
  ...both("emptyAnswer", emptyAnswer),
  ...both("noBody", emptyAnswer),
];

interface Cell extends Row {
  readonly wire: ProtocolCase;
}

const cells: readonly (readonly [title: string, cell: Cell])[] = rows.flatMap((row) =>
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

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function keep<T extends { close(): Promise<void> }>(resource: T): T {
  cleanups.push(() => resource.close());
  return resource;
}

/** A promise that a test settles itself. */
function signal(): { readonly promise: Promise<void>; readonly send: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, send: () => resolve() };
}

async function gatewayTo(url: string, wire: ProtocolCase, timeouts: Timeouts = noIdle): Promise<Gateway> {
  const { firstPacketMs, ...rest } = timeouts;
  const document = singleTarget(url, wire.protocol, {
    service: { timeouts: rest },
    api: { retries: { max: 0 }, ...(firstPacketMs === undefined ? {} : { firstPacketTimeoutMs: firstPacketMs }) },
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
    expect(record).toMatchObject({ stream, status: answer.status, service: "up", requestedModel: wire.model });
    expect(record.attempts).toHaveLength(1);
    switch (ending.kind) {
      case "refused":
        expectRefused(answer, wire, ending);
        expect(record).toMatchObject({ outcome: ending.outcome, errorCode: ending.code });
        expect(record.attempts[0]).toMatchObject({ outcome: ending.attempt, reason: ending.reason, nextAction: "none" });
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
        expect(record.attempts[0]).toMatchObject({ status: 200, outcome: "truncated", reason: ending.reason });
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

async function target(fault: Row["fault"], context: FaultContext): Promise<{ url: string; upstream?: RawUpstream }> {
  if (fault === "refused") return { url: await refusedUrl() };
  if (fault === "blackHole") return { url: keep(await blackHole()).url };
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
  else if (fault === "endlessLine") expect(text).toBe(`${wire.noise}${wire.semantic}data: ${"x".repeat(2_097_152)}`);
  else if (fault === "malformedEvent") expect(text.startsWith(wire.noise + wire.semantic)).toBe(true);
  else expect(text).toBe(wire.noise + wire.semantic + wire.closing);
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

  test("an error inside a 200 before any data is a failure with a mapped status", async () => {
    for (const stream of [false, true]) {
      const upstream = keep(await startFaultUpstream(faults.errorIn200, { wire, stream, seen: already }));
      const gateway = await gatewayTo(upstream.url, wire);
      const client = await RawClient.connect(gateway.port);
      const answer = await client.request(request(wire, stream));
      expectOwnError(answer, { protocol: wire.protocol, status: 500, code: "upstream_error" });
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({ outcome: "upstream_error", errorCode: "upstream_error", status: 500 });
      expect(record.attempts).toMatchObject([{ status: 200, outcome: "upstream_error", reason: "error-in-200" }]);
      client.destroy();
    }
  });
});
