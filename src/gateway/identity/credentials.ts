// Every credential of every consumer, each found by one look-up, however many there are. Changed consumer by consumer.
// Must not know how a credential is proven.
import type { SnapshotConsumer, SnapshotHmac, SnapshotJwt } from "../../snapshot/snapshot.ts";

/** Who a credential belongs to. */
export interface KnownCredential {
  readonly consumer: string;
  /** Groups of the consumer. */
  readonly groups: readonly string[];
  readonly credential: string;
  readonly expiresAtMs: number | null;
}

export interface KnownJwt extends KnownCredential {
  readonly config: SnapshotJwt;
}

export interface KnownHmac extends KnownCredential {
  readonly secrets: SnapshotHmac["secrets"];
}

/** The credentials that one identity provider stands for. */
export interface KnownIssuer {
  /** How many credentials go by each claim. */
  readonly claims: Map<string, number>;
  /** By `subjectKey`. */
  readonly subjects: Map<string, KnownJwt>;
}

const noGroups: readonly string[] = [];

export class Credentials {
  readonly #apiKeys = new Map<string, KnownCredential>();
  readonly #hmacs = new Map<string, KnownHmac>();
  readonly #issuers = new Map<string, KnownIssuer>();

  /** @param sha256 of the whole key, hex */
  apiKey(sha256: string): KnownCredential | undefined {
    return this.#apiKeys.get(sha256);
  }

  hmac(accessKey: string): KnownHmac | undefined {
    return this.#hmacs.get(accessKey);
  }

  issuer(name: string): KnownIssuer | undefined {
    return this.#issuers.get(name);
  }

  /** Puts one consumer's credentials in, or takes them out. */
  change(before: SnapshotConsumer | undefined, after: SnapshotConsumer | undefined): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#add(after);
  }

  #add({ name: consumer, groups = noGroups, apiKeys, jwts = [], hmacs = [] }: SnapshotConsumer): void {
    for (const { name: credential, sha256, expiresAtMs } of apiKeys) {
      this.#apiKeys.set(sha256, { consumer, groups, credential, expiresAtMs });
    }
    for (const { name: credential, accessKey, secrets } of hmacs) {
      // Each secret has its own end.
      this.#hmacs.set(accessKey, { consumer, groups, credential, expiresAtMs: null, secrets });
    }
    for (const config of jwts) {
      const { name: credential, issuer: name, claim, claimValue, expiresAtMs } = config;
      const issuer = this.#issuers.get(name) ?? { claims: new Map(), subjects: new Map() };
      this.#issuers.set(name, issuer);
      const key = subjectKey(claim, claimValue);
      if (!issuer.subjects.has(key)) issuer.claims.set(claim, (issuer.claims.get(claim) ?? 0) + 1);
      issuer.subjects.set(key, { consumer, groups, credential, expiresAtMs, config });
    }
  }

  /** What has moved may already be the next consumer's, which then keeps it. */
  #remove({ name, apiKeys, jwts = [], hmacs = [] }: SnapshotConsumer): void {
    for (const { sha256 } of apiKeys) {
      if (this.#apiKeys.get(sha256)?.consumer === name) this.#apiKeys.delete(sha256);
    }
    for (const { accessKey } of hmacs) {
      if (this.#hmacs.get(accessKey)?.consumer === name) this.#hmacs.delete(accessKey);
    }
    for (const { issuer: issuerName, claim, claimValue } of jwts) {
      const issuer = this.#issuers.get(issuerName);
      const key = subjectKey(claim, claimValue);
      if (issuer?.subjects.get(key)?.consumer !== name) continue;
      issuer.subjects.delete(key);
      const left = (issuer.claims.get(claim) ?? 1) - 1;
      if (left > 0) issuer.claims.set(claim, left);
      else issuer.claims.delete(claim);
      if (issuer.subjects.size === 0) this.#issuers.delete(issuerName);
    }
  }
}

/** No name of a claim and no value can be read as another pair of both. */
export function subjectKey(claim: string, value: string): string {
  return `${claim.length} ${claim} ${value}`;
}
