// The credentials of one consumer -> what the data plane compares. Knows no other resource.
import type { Credential } from "../resources/consumer.ts";
import { apiKeyHash } from "../resources/secret.ts";
import type { SnapshotConsumer, SnapshotHmac, SnapshotJwt } from "./snapshot.ts";

/** A secret that is still sealed cannot be compared and is left out. */
export function compileCredentials(
  credentials: readonly Credential[],
): Pick<SnapshotConsumer, "apiKeys" | "jwts" | "hmacs"> {
  const jwts = credentials.flatMap(compileJwt);
  const hmacs = credentials.flatMap(compileHmac);
  return {
    apiKeys: credentials.flatMap(compileApiKey),
    ...(jwts.length === 0 ? {} : { jwts }),
    ...(hmacs.length === 0 ? {} : { hmacs }),
  };
}

function compileApiKey(credential: Credential): SnapshotConsumer["apiKeys"][number][] {
  if (credential.type !== "api-key") return [];
  const { name, value, previous, expiresAt } = credential;
  const rows = [{ sha256: apiKeyHash(value), expiresAtMs: endMs(expiresAt) }];
  if (previous !== undefined) {
    const expiresAtMs = earlier(endMs(previous.expiresAt), endMs(expiresAt));
    rows.push({ sha256: apiKeyHash(previous.value), expiresAtMs });
  }
  return rows.flatMap(({ sha256, expiresAtMs }) =>
    sha256 === undefined ? [] : [{ name, sha256, expiresAtMs }],
  );
}

function compileJwt(credential: Credential): SnapshotJwt[] {
  if (credential.type !== "jwt") return [];
  const { name, issuer, audience, jwks, jwksUrl, claim, claimValue, expiresAt } = credential;
  return [
    {
      name,
      issuer,
      ...(audience === undefined ? {} : { audience }),
      claim,
      claimValue,
      keys: jwksUrl === undefined ? { inline: jwks?.keys ?? [] } : { url: jwksUrl },
      expiresAtMs: endMs(expiresAt),
    },
  ];
}

function compileHmac(credential: Credential): SnapshotHmac[] {
  if (credential.type !== "hmac") return [];
  const { name, accessKey, secretKey, previous, expiresAt } = credential;
  const rows = [{ value: secretKey, expiresAtMs: endMs(expiresAt) }];
  if (previous !== undefined) {
    const expiresAtMs = earlier(endMs(previous.expiresAt), endMs(expiresAt));
    rows.push({ value: previous.secretKey, expiresAtMs });
  }
  const secrets = rows.flatMap(({ value, expiresAtMs }) =>
    typeof value !== "string" || value === "" ? [] : [{ value, expiresAtMs }],
  );
  return secrets.length === 0 ? [] : [{ name, accessKey, secrets }];
}

/** A moment as milliseconds since 1970; null = no end. */
export function endMs(expiresAt: string | undefined): number | null {
  return expiresAt === undefined ? null : Date.parse(expiresAt);
}

function earlier(one: number | null, other: number | null): number | null {
  return Math.min(one ?? Infinity, other ?? Infinity);
}
