// What fails on sockets of services, as a table, and gateways in front of a service with such a fault. Must not know what is expected of one.
import type { ExchangeRecord, Trigger } from "../../src/core/exchange-record.ts";
import type { SnapshotService } from "../../src/snapshot/snapshot.ts";
import type { Keep } from "./keeper.ts";
import { patientClock } from "./patient-clock.ts";
import { startRawUpstream, type RawUpstream } from "./raw-upstream.ts";
import { SocketService, type SocketLog, type SocketServiceOptions } from "./socket-client.ts";
import { startSocketGateway, type SocketGateway } from "./socket-gateway.ts";
import { event, failedEvent, finishedEvent, speak } from "./speech-frames.ts";

type Timeouts = Partial<SnapshotService["timeouts"]>;

export interface Fault {
  readonly name: string;
  /** A service that has the fault; the address where nothing needs to be there. */
  readonly service: SocketServiceOptions | ((upstream: RawUpstream) => void) | "nobody";
  readonly timeouts?: Timeouts;
  readonly firstPacketTimeoutMs?: number;
}

/** A fault before the commit point: what the client is told, what is recorded, and what may fall back. */
export interface EarlyFault extends Fault {
  readonly code: string;
  readonly status: number;
  readonly outcome: ExchangeRecord["outcome"];
  readonly trigger: Trigger;
  /** The answer to a handshake that had waited for the service, where it is not ours. */
  readonly passes?: string;
}

export const onRun = (answer: (log: SocketLog, id: string) => void): SocketServiceOptions => ({
  onSocket: (log) => speak(log, { "run-task": answer }),
});

/** Faults up to the answer of the handshake. */
export const refusals: readonly EarlyFault[] = [
  ...[401, 402, 403].map((status) => ({
    name: `the handshake is refused with ${status}`,
    service: { refuseWith: status, refusalBody: '{"secret":"words"}' },
    code: "upstream_credentials",
    status: 502,
    outcome: "upstream_error" as const,
    trigger: "upstream-credentials" as const,
  })),
  ...(
    [
      [400, "upstream-any-4xx"],
      [404, "upstream-4xx"],
      [429, "upstream-429"],
    ] as const
  ).map(([status, trigger]) => ({
    name: `the handshake is refused with ${status}`,
    service: { refuseWith: status, refusalBody: '{"own":"words"}' },
    code: "upstream_error",
    status,
    outcome: "client_error" as const,
    trigger,
    passes: '{"own":"words"}',
  })),
  ...[500, 503].map((status) => ({
    name: `the handshake is refused with ${status}`,
    service: { refuseWith: status, refusalBody: '{"own":"words"}' },
    code: "upstream_error",
    status,
    outcome: "upstream_error" as const,
    trigger: "upstream-5xx" as const,
    passes: '{"own":"words"}',
  })),
  {
    name: "the handshake is redirected",
    service: { refuseWith: 302 },
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "upstream-5xx",
  },
  {
    name: "the handshake is answered 200",
    service: { refuseWith: 200, refusalBody: "<html>" },
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "nobody listens",
    service: "nobody",
    code: "upstream_unreachable",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "the connection is reset at the handshake",
    service: (upstream) =>
      void upstream.request(0).then(({ connection }) => connection.socket.resetAndDestroy()),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "the handshake is answered with another key",
    service: (upstream) =>
      void upstream
        .request(0)
        .then(({ connection }) =>
          connection.socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: bm8=\r\n\r\n",
          ),
        ),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "the handshake is never answered",
    service: { silent: true },
    timeouts: { idleMs: 150 },
    code: "upstream_timeout",
    status: 504,
    outcome: "timeout",
    trigger: "timeout",
  },
];

/** Faults between the handshake and task-started. */
export const beforeStart: readonly EarlyFault[] = [
  {
    name: "the first packet does not come in time",
    service: onRun(() => undefined),
    firstPacketTimeoutMs: 100,
    code: "first_packet_timeout",
    status: 504,
    outcome: "timeout",
    trigger: "first-packet-timeout",
  },
  {
    name: "the handshake takes the time of the first packet",
    service: { silent: true },
    firstPacketTimeoutMs: 100,
    code: "first_packet_timeout",
    status: 504,
    outcome: "timeout",
    trigger: "first-packet-timeout",
  },
  {
    name: "the task takes more than the total time to start",
    service: onRun(() => undefined),
    timeouts: { totalMs: 100 },
    code: "upstream_timeout",
    status: 504,
    outcome: "timeout",
    trigger: "timeout",
  },
  {
    name: "the service says task-failed",
    service: onRun((log, id) => log.send(failedEvent("InvalidParameter", "speak up", id))),
    code: "upstream_error",
    status: 400,
    outcome: "upstream_error",
    trigger: "error-in-200",
  },
  {
    name: "the service says what is no JSON",
    service: onRun((log) => log.socket.send("<html>")),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "error-in-200",
  },
  {
    name: "the task is finished before it was started",
    service: onRun((log, id) => log.send(finishedEvent(id))),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "empty-answer",
  },
  {
    name: "the service says goodbye",
    service: onRun((log) => log.socket.close(1000)),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "the connection is lost",
    service: onRun((log) => log.socket.terminate()),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "network-error",
  },
  {
    name: "the service says more than is held",
    service: onRun((log) => log.socket.send(Buffer.alloc(300_000))),
    code: "upstream_error",
    status: 502,
    outcome: "upstream_error",
    trigger: "error-in-200",
  },
];

/** Where a service with the fault is to be found. */
async function addressOf(keep: Keep, { service }: Fault): Promise<string> {
  if (service === "nobody") return "http://127.0.0.1:1";
  if (typeof service !== "function") return keep(await SocketService.start(service)).url;
  const upstream = keep(await startRawUpstream());
  service(upstream);
  return upstream.url;
}

/** A gateway whose first service has the fault; `keep` closes all there is. */
export async function gatewayWith(
  keep: Keep,
  kind: "speech" | "comfyui",
  fault: Fault,
  fallback?: { readonly on: readonly Trigger[]; readonly url: string },
): Promise<SocketGateway> {
  const usual = { connectMs: 5_000, idleMs: 60_000, totalMs: 600_000 };
  const timeouts = { ...usual, ...fault.timeouts };
  const services = [{ name: "bad", url: await addressOf(keep, fault), fields: { timeouts } }];
  // The good one has all the time that it needs.
  if (fallback !== undefined) services.push({ name: "good", url: fallback.url, fields: { timeouts: usual } });
  const targets = fallback === undefined ? [] : [{ service: "good", firstPacketTimeoutMs: 0 }];
  return keep(
    await startSocketGateway(
      {
        kind,
        services,
        api: {
          firstPacketTimeoutMs: fault.firstPacketTimeoutMs ?? 0,
          fallback: { on: fallback?.on ?? [], targets },
        },
      },
      { clock: patientClock() },
    ),
  );
}

/** A service that does as told once its task has started and gone on. */
export function onStarted(then: (log: SocketLog) => void): SocketServiceOptions {
  return {
    onSocket: (log) =>
      speak(log, {
        "run-task": (socket, id) => socket.send(event("task-started", id)),
        "continue-task": (socket) => then(socket),
      }),
  };
}

/** The connection below a socket: `ws` sends nothing that is forbidden. */
export function rawOf({ socket }: SocketLog): { write(bytes: Buffer): void } {
  return (socket as unknown as { readonly _socket: { write(bytes: Buffer): void } })._socket;
}
