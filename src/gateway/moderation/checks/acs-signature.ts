// Signs a request as Alibaba Cloud's OpenAPI asks for, version 3 (ACS3-HMAC-SHA256): "Request syntax and signature method
// V3" of its SDK documentation. Knows not what is asked.
import { createHash, createHmac } from "node:crypto";

export interface AcsRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Names and values as they are; empty for none. */
  readonly query: readonly (readonly [string, string])[];
  readonly body: Buffer | string;
  readonly action: string;
  readonly version: string;
  readonly contentType?: string;
}

export interface AcsSigner {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** `2023-10-26T10:22:32Z` */
  readonly date: string;
  readonly nonce: string;
}

/** Headers, names in lower case, authorization among them; without host. */
export function acsHeaders(request: AcsRequest, signer: AcsSigner): Record<string, string> {
  const bodyHash = createHash("sha256").update(request.body).digest("hex");
  const signed: Record<string, string> = {
    ...(request.contentType === undefined ? {} : { "content-type": request.contentType }),
    host: request.host,
    "x-acs-action": request.action,
    "x-acs-content-sha256": bodyHash,
    "x-acs-date": signer.date,
    "x-acs-signature-nonce": signer.nonce,
    "x-acs-version": request.version,
  };
  const names = Object.keys(signed).toSorted();
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${(signed[name] ?? "").trim()}`),
    "",
    names.join(";"),
    bodyHash,
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const signature = createHmac("sha256", signer.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${hash}`)
    .digest("hex");
  const { host: _host, ...headers } = signed;
  return {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${signer.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`,
  };
}

function canonicalQuery(query: AcsRequest["query"]): string {
  return query
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .toSorted()
    .join("&");
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
