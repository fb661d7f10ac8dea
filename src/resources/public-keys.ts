// The schema of a JWKS: public keys of an identity provider. Refuses what is secret, weak or signs nothing.
import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { strict } from "./field.ts";

const maxKeys = 100;
/** RFC 7518, 6.2.2, 6.3.2, 6.4 and RFC 8037, 2: what only the owner of a key has. */
const privateParts = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;
const leastRsaBits = 2048;

type PublicKey = Readonly<Record<string, unknown>>;

const publicKeyField = z.record(z.string(), z.unknown()).superRefine((key, context) => {
  const message = faultOf(key);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

export const publicKeysField = strict({
  keys: z
    .array(publicKeyField)
    .max(maxKeys)
    .describe("Public keys as JWK (RFC 7517): kty RSA, EC or OKP, without private parts."),
});

/** What is wrong with a key; undefined for a good one. Never repeats any of it. */
function faultOf(key: PublicKey): string | undefined {
  if (key["kty"] === "oct") {
    return "is a symmetric key, which would let anyone who verifies tokens make them: use RSA, EC or OKP";
  }
  if (privateParts.some((part) => key[part] !== undefined)) {
    return `holds a private key: give the public part alone, without ${privateParts.join(", ")}, and replace the key, as it was sent`;
  }
  if (key["kid"] !== undefined && typeof key["kid"] !== "string") return "must have a text as kid";
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({
      key,
      format: "jwk",
    });
    if (type === "rsa" && (details?.modulusLength ?? 0) < leastRsaBits) {
      return `is an RSA key of fewer than ${leastRsaBits} bits`;
    }
    if (type === "rsa" || type === "ec" || type === "ed25519") return undefined;
  } catch {
    // What the library says of it is for its authors.
  }
  return "must be a public key as JWK: RSA, EC (P-256, P-384, P-521) or OKP (Ed25519)";
}
