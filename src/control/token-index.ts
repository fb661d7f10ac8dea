// Finds tokens of the admin API by hash. Knows no request.
import type { ParsedResource } from "../resources/resource-set.ts";
import { rolesOfToken } from "./owners.ts";
import type { HeldRole } from "../resources/held-role.ts";

/** A created token as the access check needs it. */
export interface KnownToken {
  readonly name: string;
  readonly roles: readonly HeldRole[];
  /** Milliseconds since 1970; null = no end. */
  readonly expiresAtMs: number | null;
}

type TokenMap = ReadonlyMap<string, ParsedResource<"tokens">>;

/** An index that is rebuilt only when the tokens changed: sets of resources share the maps of untouched kinds. */
export function createTokenIndex(): { find(tokens: TokenMap, sha256: string): KnownToken | undefined } {
  let indexed: TokenMap | undefined;
  let byHash: ReadonlyMap<string, KnownToken> = new Map();
  return {
    find: (tokens, sha256) => {
      if (tokens !== indexed) {
        byHash = new Map([...tokens.values()].flatMap(entryOf));
        indexed = tokens;
      }
      return byHash.get(sha256);
    },
  };
}

function entryOf({ name, value }: ParsedResource<"tokens">): [string, KnownToken][] {
  const secret = value.value;
  if (typeof secret !== "object" || !("hash" in secret)) return [];
  const expiresAtMs = value.expiresAt === undefined ? null : Date.parse(value.expiresAt);
  return [[secret.hash, { name, roles: rolesOfToken(value), expiresAtMs }]];
}
