// The public keys of one identity provider: which of them may have signed a token. Knows no token and no address.
import { importJWK, type CryptoKey } from "jose";

export type PublicJwk = Readonly<Record<string, unknown>>;

/** Keys tried for one token at most: a token without a kid fits every key of its kind. */
const maxTried = 4;

/** What an algorithm needs; the one table of those that are taken. None of them knows a shared secret. */
const algorithmTable: Readonly<Record<string, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  Ed25519: { kty: "OKP", crv: "Ed25519" },
};

export const tokenAlgorithms = Object.keys(algorithmTable);

export class KeySet {
  readonly #keys: readonly PublicJwk[];
  readonly #imported = new Map<string, Promise<CryptoKey | null>>();

  constructor(keys: readonly PublicJwk[]) {
    this.#keys = keys;
  }

  /** @param kid undefined for a token that names none */
  has(alg: string, kid: string | undefined): boolean {
    return this.#fitting(alg, kid).length > 0;
  }

  /** The keys that may have signed a token with this header. */
  async keysFor(alg: string, kid: string | undefined): Promise<CryptoKey[]> {
    const keys = await Promise.all(
      this.#fitting(alg, kid)
        .slice(0, maxTried)
        .map((index) => this.#import(index, alg)),
    );
    return keys.filter((key) => key !== null);
  }

  #fitting(alg: string, kid: string | undefined): number[] {
    const needs = Object.hasOwn(algorithmTable, alg) ? algorithmTable[alg] : undefined;
    if (needs === undefined) return [];
    return this.#keys.flatMap((key, index) => {
      const fits =
        key["kty"] === needs.kty &&
        (needs.crv === undefined || key["crv"] === needs.crv) &&
        (kid === undefined || key["kid"] === undefined || key["kid"] === kid) &&
        (key["alg"] === undefined || key["alg"] === alg) &&
        (key["use"] === undefined || key["use"] === "sig");
      return fits ? [index] : [];
    });
  }

  #import(index: number, alg: string): Promise<CryptoKey | null> {
    const id = `${index} ${alg}`;
    let key = this.#imported.get(id);
    if (key === undefined) {
      key = importPublic(this.#keys[index] ?? {}, alg);
      this.#imported.set(id, key);
    }
    return key;
  }
}

/** Null for what is no usable key: a provider may list kinds of keys that nobody here knows. */
async function importPublic(jwk: PublicJwk, alg: string): Promise<CryptoKey | null> {
  try {
    const { key_ops: _operations, ext: _extractable, ...plain } = jwk;
    const key = await importJWK({ ...plain }, alg, { extractable: false });
    return key instanceof Uint8Array || key.type !== "public" ? null : key;
  } catch {
    return null;
  }
}
