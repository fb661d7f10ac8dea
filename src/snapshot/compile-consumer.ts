// One consumer -> what the data plane asks about it. Knows no other resource.
import type { Consumer } from "../resources/consumer.ts";
import { compileCredentials } from "./compile-credentials.ts";
import { compileQuotas } from "./compile-quota.ts";
import type { SnapshotConsumer } from "./snapshot.ts";

/** Undefined for a disabled consumer. */
export function compileConsumer(consumer: Consumer): SnapshotConsumer | undefined {
  if (!consumer.enabled) return undefined;
  const { name, groups } = consumer;
  const quotas = compileQuotas("consumer", name, consumer.quotas);
  return {
    name,
    ...compileCredentials(consumer.credentials),
    ...(groups.length === 0 ? {} : { groups }),
    ...(quotas === undefined ? {} : { quotas }),
  };
}
