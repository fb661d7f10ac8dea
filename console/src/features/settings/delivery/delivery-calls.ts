// Calls of the admin API about what is kept of exchanges and where it is delivered.
import { queryOptions } from "@tanstack/react-query";
import type {
  LogSettings,
  LogStoreState,
  SinkState,
  SinkTest,
} from "../../../../../src/control/routes/console-answers.ts";
import { call } from "../../../api/client.ts";
import type { Instance } from "../settings-calls.ts";

const statesEveryMs = 5_000;

export const sinkStatesQuery = queryOptions({
  queryKey: ["sink-states"],
  queryFn: ({ signal }) => call<{ items: readonly SinkState[] }>("GET", "/sink-states", { signal }),
  refetchInterval: statesEveryMs,
});

export const logStoreQuery = queryOptions({
  queryKey: ["log-store"],
  queryFn: ({ signal }) => call<LogStoreState>("GET", "/log-store", { signal }),
});

export function saveLogSettings({ name, revision }: Instance, logs: LogSettings): Promise<Instance> {
  return call("PATCH", `/instances/${encodeURIComponent(name)}`, { body: { logs }, ifMatch: revision });
}

export function testStoredSink(name: string): Promise<SinkTest> {
  return call("POST", `/sinks/${encodeURIComponent(name)}/test`);
}

export function testUnsavedSink(body: object): Promise<SinkTest> {
  return call("POST", "/sinks/test", { body });
}
