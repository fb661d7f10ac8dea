// What a browser carries to the provider and back: sealed, for ten minutes, good for one return. Knows no provider.
import { z } from "zod";
import type { RandomBytes } from "../generated-key.ts";
import type { Cipher } from "../secret-forms.ts";
import type { OidcRequest } from "./oidc-client.ts";

export interface RoundTrip extends OidcRequest {
  readonly provider: string;
  /** Where in the console the user wants to go. */
  readonly returnTo: string;
}

export interface RoundTrips {
  /** @returns the trip and the text for the browser to carry */
  begin(provider: string, returnTo: string): { readonly trip: RoundTrip; readonly carried: string };
  /** Undefined for a text that is not ours, is too old, or has come back before. */
  end(carried: string): RoundTrip | undefined;
}

export const roundTripMs = 600_000;
const maxRemembered = 10_000;
const context = "oidc round trip";

const carriedSchema = z.strictObject({
  provider: z.string(),
  returnTo: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  endMs: z.number(),
});

export function createRoundTrips(cipher: Cipher, randomBytes: RandomBytes, wallMs: () => number): RoundTrips {
  /** States that came back, with the moment when they would be too old anyhow. */
  const used = new Map<string, number>();
  const random = (): string => Buffer.from(randomBytes(32)).toString("base64url");
  return {
    begin: (provider, returnTo) => {
      const trip = { provider, returnTo, state: random(), nonce: random(), verifier: random() };
      const text = JSON.stringify({ ...trip, endMs: wallMs() + roundTripMs });
      return { trip, carried: cipher.seal(text, context) };
    },
    end: (carried) => {
      const trip = open(cipher, carried);
      if (trip === undefined || trip.endMs <= wallMs() || used.has(trip.state)) return undefined;
      used.set(trip.state, trip.endMs);
      for (const [state, endMs] of used) {
        if (endMs > wallMs() && used.size <= maxRemembered) break;
        used.delete(state);
      }
      return trip;
    },
  };
}

function open(cipher: Cipher, carried: string): z.output<typeof carriedSchema> | undefined {
  try {
    return carriedSchema.parse(JSON.parse(cipher.open(carried, context)));
  } catch {
    return undefined;
  }
}
