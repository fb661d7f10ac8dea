// Tells whether a request was signed by an access key, by the vendor's own library. Must not know the gateway.
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Seen } from "./tested-service.ts";

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function pairsOf(query: string): Record<string, string[]> {
  const pairs: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) (pairs[name] ??= []).push(value);
  return pairs;
}

/** Signs the same again: with the time and the headers that the request names. */
export async function isSignedBy(
  { method, url, headers, body }: Seen,
  key: SigningKey,
  scope: { readonly region: string; readonly service: string },
): Promise<boolean> {
  const { authorization = "" } = headers;
  const names = /SignedHeaders=([^,]+)/u.exec(authorization)?.[1]?.split(";") ?? [];
  const time = String(headers["x-amz-date"]);
  const [path = "", query = ""] = url.split("?", 2);
  const own = names.filter((name) => name !== "x-amz-date" && name !== "x-amz-security-token");
  const signer = new SignatureV4({ credentials: key, ...scope, sha256: Sha256, applyChecksum: false });
  const signed = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: "ignored",
      path,
      query: pairsOf(query),
      headers: Object.fromEntries(own.map((name) => [name, String(headers[name])])),
      body,
    },
    { signingDate: new Date(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/u, "$1-$2-$3T$4:$5:$6Z")) },
  );
  return names.includes("host") && signed.headers["authorization"] === authorization;
}
