// Signs requests to Simple Log Service, in version 1 and version 4. Knows the recipes, not what is sent.
// v1: https://www.alibabacloud.com/help/en/sls/developer-reference/request-signatures
// v4: as the vendor's own clients do it, https://github.com/aliyun/aliyun-log-go-sdk (signature_v4.go)
import { createHash, createHmac } from "node:crypto";

export interface SignedParts {
  readonly method: string;
  /** Without a query: none of the calls here has one. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SlsKey {
  readonly id: string;
  readonly secret: string;
}

/** The Authorization header of version 1, over `content-md5`, `content-type`, `date` and all `x-log-` headers. */
export function authorizationV1({ method, path, headers }: SignedParts, key: SlsKey): string {
  const named = Object.keys(headers)
    .filter((name) => /^x-(?:log|acs)-/u.test(name))
    .toSorted()
    .map((name) => `${name}:${headers[name] ?? ""}`);
  const lines = [
    method,
    headers["content-md5"] ?? "",
    headers["content-type"] ?? "",
    headers["date"] ?? "",
    ...named,
    path,
  ];
  return `LOG ${key.id}:${createHmac("sha1", key.secret).update(lines.join("\n")).digest("base64")}`;
}

/** The Authorization header of version 4, over `host`, `content-type`, all `x-log-` headers; it needs `x-log-date` and `x-log-content-sha256`. */
export function authorizationV4({ method, path, headers }: SignedParts, key: SlsKey, region: string): string {
  const moment = headers["x-log-date"] ?? "";
  const day = moment.slice(0, 8);
  const names = Object.keys(headers)
    .filter((name) => /^x-(?:log|acs)-|^host$|^content-type$/u.test(name))
    .toSorted();
  const canonical = [
    method,
    path,
    "",
    ...names.map((name) => `${name}:${headers[name] ?? ""}`),
    "",
    names.join(";"),
    headers["x-log-content-sha256"] ?? "",
  ].join("\n");
  const scope = `${day}/${region}/sls/aliyun_v4_request`;
  const toSign = `SLS4-HMAC-SHA256\n${moment}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  let secret: string | Buffer = `aliyun_v4${key.secret}`;
  for (const step of [day, region, "sls", "aliyun_v4_request"])
    secret = createHmac("sha256", secret).update(step).digest();
  const signature = createHmac("sha256", secret).update(toSign).digest("hex");
  return `SLS4-HMAC-SHA256 Credential=${key.id}/${scope},Signature=${signature}`;
}
