// One consumer -> what the data plane compares. Knows no other resource.
import type { Consumer } from "../resources/consumer.ts";
import { apiKeyHash } from "../resources/secret.ts";
import { compileQuotas } from "./compile-quota.ts";
import type { SnapshotConsumer } from "./snapshot.ts";

/** Undefined for a disabled consumer. A key that is still sealed cannot be compared and is left out. */
export function compileConsumer(consumer: Consumer): SnapshotConsumer | undefined {
  if (!consumer.enabled) return undefined;
  const { name, groups } = consumer;
  const quotas = compileQuotas("consumer", name, consumer.quotas);
  return {
    name,
    apiKeys: consumer.credentials.flatMap((credential) => {
      if (credential.type !== "api-key") return [];
      const sha256 = apiKeyHash(credential.value);
      if (sha256 === undefined) return [];
      return [{ name: credential.name, sha256, expiresAtMs: endMs(credential.expiresAt) }];
    }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(quotas === undefined ? {} : { quotas }),
  };
}

/** A moment as milliseconds since 1970; null = no end. */
export function endMs(expiresAt: string | undefined): number | null {
  return expiresAt === undefined ? null : Date.parse(expiresAt);
}
