// What proves to the data plane that the control plane of this very process sends a request, to try a Model API out.
// Holds for one Model API and a moment. Knows no request.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Never comes from outside with any meaning, and never goes on to a service. */
export const debugProofHeader = "x-moongate-debug";

/** What is proven. */
export interface DebugClaim {
  readonly api: string;
  /** Whose request it is to be; "" = nobody's: it passes without a credential. */
  readonly consumer: string;
  readonly expiresAtMs: number;
}

/** @param secret random, of this process alone */
export function makeDebugProof(secret: string, { api, consumer, expiresAtMs }: DebugClaim): string {
  const claim = Buffer.from(JSON.stringify([api, consumer, expiresAtMs])).toString("base64url");
  return `${claim}.${sign(secret, claim).toString("base64url")}`;
}

/** Whose request a proof makes it; undefined for a proof that is none, has ended, or is another Model API's. */
export function readDebugProof(
  secret: string,
  proof: string,
  asked: { readonly api: string; readonly wallMs: number },
): Pick<DebugClaim, "consumer"> | undefined {
  const [claim = "", signature = "", ...rest] = proof.split(".");
  const given = Buffer.from(signature, "base64url");
  const wanted = sign(secret, claim);
  if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const fields: unknown = JSON.parse(Buffer.from(claim, "base64url").toString());
  if (!Array.isArray(fields)) return undefined;
  const [api, consumer, expiresAtMs] = fields as readonly unknown[];
  if (api !== asked.api || typeof consumer !== "string" || typeof expiresAtMs !== "number") return undefined;
  return expiresAtMs > asked.wallMs ? { consumer } : undefined;
}

function sign(secret: string, claim: string): Buffer {
  return createHmac("sha256", secret).update(claim).digest();
}
