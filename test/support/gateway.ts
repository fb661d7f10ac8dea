// A whole data plane in this process on a free port, configured by a document as a user would write it; collects its records.
import type { Clock } from "../../src/core/clock.ts";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { IdStore } from "../../src/core/id-owner.ts";
import type { TokenCounter } from "../../src/gateway/accounting/token-ask.ts";
import { startDataPlane } from "../../src/gateway/data-plane.ts";
import { kindTable } from "../../src/resources/kinds.ts";
import { parseResource } from "../../src/resources/registry.ts";
import { toResourceSet, type AnyParsedResource } from "../../src/resources/resource-set.ts";
import { compile } from "../../src/snapshot/compile.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { Changes } from "./changes.ts";
import type { TestDocument } from "./configuration.ts";
import { buildRequest, type RequestParts } from "./raw-client.ts";

export interface Gateway {
  readonly port: number;
  readonly url: string;
  /** Every record so far, in the order in which the exchanges ended. */
  readonly records: readonly ExchangeRecord[];
  /** The record of one exchange; waits until it has ended. */
  record(requestId: string | undefined): Promise<ExchangeRecord>;
  /** The first record that fulfils `test`; waits for it. */
  recordWhere(test: (record: ExchangeRecord) => boolean): Promise<ExchangeRecord>;
  /** Bytes of a request to this gateway. */
  bytes(parts: RequestParts): Buffer;
  /** Replaces the configuration. */
  apply(document: TestDocument): void;
  drain(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Snapshot of a document; throws with every problem named when the document is not good. */
export function snapshotOf(document: TestDocument, revision = 1): Snapshot {
  const lists: Readonly<Record<string, unknown>> = { ...document };
  const resources: AnyParsedResource[] = [];
  const problems: string[] = [];
  for (const { kind, documentPath } of kindTable) {
    const list = lists[documentPath[0] ?? ""];
    if (!Array.isArray(list)) continue;
    for (const body of list as readonly unknown[]) {
      const parsed = parseResource(kind, body);
      if (!parsed.ok) {
        problems.push(...parsed.issues.map((issue) => `${kind} ${issue.path}: ${issue.message}`));
        continue;
      }
      const { value } = parsed;
      // Kind and value come from the same row: TypeScript loses that in the loop over kinds.
      resources.push({ kind, name: value.name, revision, managedBy: "api", value } as AnyParsedResource);
    }
  }
  const { snapshot, diagnostics } = compile({
    revision,
    instance: "default",
    resources: toResourceSet(resources),
  });
  for (const { severity, kind, name, path, message } of diagnostics) {
    if (severity === "error") problems.push(`${kind} ${name} ${path}: ${message}`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return snapshot;
}

export interface GatewayOptions {
  readonly simulatorUrl?: string;
  readonly upstreamNetworks?: "private" | "public";
  /** Where large request bodies go. */
  readonly spoolFolder?: string;
  /** One that the test sets, instead of the system's. */
  readonly clock?: Clock;
  /** Where ids are kept that outlive an exchange; in memory without one. */
  readonly ids?: IdStore;
  /** Counts tokens as the token thread does; without one they are counted roughly. */
  readonly tokens?: TokenCounter;
  readonly onDefect?: (error: unknown) => void;
  /** Networks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Addresses that clients may name; public without it. */
  readonly fetchNetworks?: "private" | "public";
}

/** Starts a data plane with this configuration. */
export async function startGateway(document: TestDocument, options: GatewayOptions = {}): Promise<Gateway> {
  const records: ExchangeRecord[] = [];
  const changes = new Changes();
  const plane = await startDataPlane({
    host: "127.0.0.1",
    port: 0,
    ...options,
    upstreamNetworks: options.upstreamNetworks ?? "private",
    record: (record: ExchangeRecord) => {
      records.push(record);
      changes.notify();
    },
  });
  // Kept: a data plane that has stopped listening has no port any more.
  const { port } = plane;
  let revision = 0;
  const recordWhere = async (test: (record: ExchangeRecord) => boolean): Promise<ExchangeRecord> =>
    changes.until(() => records.find(test));
  const apply = (next: TestDocument): void => {
    revision += 1;
    plane.apply(snapshotOf(next, revision));
  };
  apply(document);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    records,
    record: async (requestId) => {
      if (requestId === undefined) throw new Error("the answer has no x-request-id");
      return recordWhere((record) => record.requestId === requestId);
    },
    recordWhere,
    bytes: (parts) => buildRequest({ host: `127.0.0.1:${port}`, ...parts }),
    apply,
    drain: (timeoutMs) => plane.drain(timeoutMs),
    close: () => plane.close(),
  };
}
