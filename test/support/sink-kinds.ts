// Every kind of sink that goes over the network, with a receiver that checks what it gets and tells which records came.
import { createHmac } from "node:crypto";
import type { Sink } from "../../src/telemetry/delivery/sink-config.ts";
import type { ReceivedRequest, ReceiverAnswer } from "./failing-receiver.ts";
import { OtlpCollector } from "./otlp-collector.ts";
import { SlsServer, type SlsAccount } from "./sls-server.ts";

export interface TestedSink {
  readonly sink: (url: string) => Sink;
  readonly take: (request: ReceivedRequest) => ReceiverAnswer;
  /** Request ids in the order in which they came, doubles too; null: what it gets names no request. */
  readonly ids: (() => string[]) | null;
  /** How many exchanges came, doubles too. */
  readonly count: () => number;
}

export interface SinkKind {
  readonly kind: string;
  readonly open: (wallMs: () => number) => TestedSink;
}

const common = { name: "tested", flushIntervalMs: 5_000, includeContent: false };

function otlp(signal: "logs" | "traces" | "metrics"): SinkKind {
  return {
    kind: `otlp ${signal}`,
    open: () => {
      const collector = new OtlpCollector();
      const sink = (url: string): Sink => ({
        ...common,
        type: "otlp",
        endpoint: url,
        headers: { "X-Api-Key": "a-collector-key" },
        signals: [signal],
      });
      if (signal === "metrics") {
        const requests = () => collector.points.filter(({ metric }) => metric === "moongate.requests");
        return {
          sink,
          take: collector.take,
          ids: null,
          count: () => requests().reduce((sum, point) => sum + point.sum, 0),
        };
      }
      const ids = (): string[] => {
        const items = signal === "logs" ? collector.logs : collector.spans.filter(({ kind }) => kind === 2);
        return items.map(({ attributes }) => String(attributes["moongate.request.id"]));
      };
      return { sink, take: collector.take, ids, count: () => ids().length };
    },
  };
}

function sls(region: string | null): SinkKind {
  const account: SlsAccount = {
    project: "a-project",
    logstore: "a-store",
    accessKeyId: "an-id",
    accessKeySecret: "an-access-key-secret",
    region,
  };
  return {
    kind: `sls ${region === null ? "v1" : "v4"}`,
    open: (wallMs) => {
      const server = new SlsServer(account, wallMs);
      const { project, logstore, accessKeyId, accessKeySecret } = account;
      const ids = (): string[] => server.logs.map(({ fields }) => fields["requestId"] ?? "");
      return {
        sink: (endpoint) => ({
          ...common,
          type: "sls",
          endpoint,
          project,
          logstore,
          accessKeyId,
          accessKeySecret,
          signedForRegion: region,
          fieldNames: "moongate",
        }),
        take: server.take,
        ids,
        count: () => ids().length,
      };
    },
  };
}

const webhook: SinkKind = {
  kind: "webhook",
  open: () => {
    const found: string[] = [];
    const secret = "a-webhook-secret";
    return {
      sink: (url) => ({ ...common, type: "webhook", url: `${url}/hook`, secret }),
      take: ({ headers, body }) => {
        const wanted = createHmac("sha256", secret).update(body).digest("hex");
        if (headers["x-moongate-signature"] !== wanted) return { status: 401 };
        if (!/^[0-9a-f]{32}$/u.test(String(headers["x-moongate-delivery"]))) return { status: 400 };
        // A body that is signed with the secret is of our own making.
        const { records } = JSON.parse(body.toString("utf8")) as { records: { requestId: string }[] };
        found.push(...records.map(({ requestId }) => requestId));
        return { status: 204 };
      },
      ids: () => [...found],
      count: () => found.length,
    };
  },
};

export const sinkKinds: readonly SinkKind[] = [
  otlp("logs"),
  otlp("traces"),
  otlp("metrics"),
  sls(null),
  sls("cn-hangzhou"),
  webhook,
];
