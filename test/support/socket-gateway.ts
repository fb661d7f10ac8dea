// A data plane in this process whose Model APIs have WebSocket routes; collects its records. Must not know what is said on sockets.
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { ApiProtocol, ServiceProtocol } from "../../src/core/protocol.ts";
import { startDataPlane, type DataPlane, type DataPlaneOptions } from "../../src/gateway/data-plane.ts";
import { routesOf } from "../../src/resources/default-routes.ts";
import type { Snapshot, SnapshotApi, SnapshotService } from "../../src/snapshot/snapshot.ts";
import { Changes } from "./changes.ts";

/** A provider key; no client may ever see it. */
export const socketKey = "sk-socket-canary-0123456789";

export interface SocketService {
  readonly name: string;
  readonly url: string;
  readonly fields?: Partial<SnapshotService>;
}

export interface SocketDocument {
  readonly kind: keyof typeof kinds;
  readonly services: readonly SocketService[];
  readonly api?: Partial<SnapshotApi>;
  readonly consumers?: Snapshot["consumers"];
}

/** What there is to be called: the Model API of each use case with a socket, and the path of its route. */
const kinds = {
  speech: { useCase: "speech-synthesis", protocol: "dashscope", enabled: [] },
  comfyui: { useCase: "image-generation", protocol: "comfyui", enabled: [] },
  realtime: { useCase: "text-generation", protocol: "openai", enabled: ["realtime"] },
} as const satisfies Record<
  string,
  {
    readonly useCase: string;
    readonly protocol: ApiProtocol & ServiceProtocol;
    readonly enabled: readonly string[];
  }
>;

/** A snapshot with one Model API at the root that sends everything to the first service, unless `api` says otherwise. */
export function socketSnapshot({ kind, services, api, consumers }: SocketDocument, revision = 1): Snapshot {
  const { useCase, protocol, enabled } = kinds[kind];
  return {
    revision,
    instance: "default",
    apis: new Map([
      [
        "sockets",
        {
          name: "sockets",
          useCase,
          resourceGroup: "default",
          protocols: [protocol],
          hosts: ["*"],
          basePath: "/",
          stripBasePath: false,
          routes: routesOf(useCase, [protocol], { disabled: [], enabled, custom: [] }),
          modelService: { mode: "single", target: { service: services[0]?.name ?? "" } },
          fallback: { on: [], targets: [] },
          retries: { max: 0, on: [], budgetPercent: 20 },
          firstPacketTimeoutMs: 0,
          auth: null,
          corsOrigins: [],
          monitoring: { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true },
          ...api,
        },
      ],
    ]),
    services: new Map(
      services.map(({ name, url, fields }) => [
        name,
        {
          name,
          provider: "simulator",
          resourceGroup: "default",
          endpoints: [{ protocol, baseUrl: url }],
          auth: { kind: "bearer" },
          usageOption: false,
          keys: [{ name: "main", value: socketKey, weight: 1 }],
          usable: true,
          headers: [],
          timeouts: { connectMs: 5_000, idleMs: 60_000, totalMs: 600_000 },
          maxInFlight: 0,
          models: [],
          prices: [],
          ...fields,
        },
      ]),
    ),
    consumers: consumers ?? new Map(),
  };
}

export interface SocketGateway {
  readonly port: number;
  readonly plane: DataPlane;
  readonly records: readonly ExchangeRecord[];
  /** Errors that nothing foresaw. */
  readonly defects: readonly unknown[];
  /** The record with this number, counted from 0 in the order in which exchanges end; waits for it. */
  record(number: number): Promise<ExchangeRecord>;
  apply(document: SocketDocument): void;
  close(): Promise<void>;
}

export async function startSocketGateway(
  document: SocketDocument,
  options: Partial<Pick<DataPlaneOptions, "clock" | "ids" | "upstreamNetworks">> = {},
): Promise<SocketGateway> {
  const records: ExchangeRecord[] = [];
  const defects: unknown[] = [];
  const changes = new Changes();
  const plane = await startDataPlane({
    host: "127.0.0.1",
    port: 0,
    upstreamNetworks: "private",
    ...options,
    onDefect: (error) => defects.push(error),
    record: (record) => {
      records.push(record);
      changes.notify();
    },
  });
  let revision = 0;
  const apply = (next: SocketDocument): void => {
    revision += 1;
    plane.apply(socketSnapshot(next, revision));
  };
  apply(document);
  return {
    port: plane.port,
    plane,
    records,
    defects,
    record: (number) => changes.until(() => records[number]),
    apply,
    close: () => plane.close(),
  };
}
