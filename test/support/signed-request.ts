// Signs a request as a client does, written down from the recipe in docs/consumers.md and not from the code under test.
import { createHash, createHmac } from "node:crypto";
import type { HeaderLine } from "./http-message.ts";

export interface ToSign {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: string | Buffer | undefined;
  readonly date?: Date;
  /** Names of headers that are signed too. */
  readonly signed?: readonly string[];
}

/** All headers of the request: those that were given, and those that sign it. */
export function signedHeaders(asked: ToSign): HeaderLine[] {
  const { method, path, accessKey, secretKey, headers = [], body, signed = ["x-ca-key"] } = asked;
  const [pathname = "", query = ""] = path.split("?");
  const all: HeaderLine[] = [
    ...headers,
    ["date", (asked.date ?? new Date()).toUTCString()],
    ["x-ca-key", accessKey],
  ];
  const of = (name: string) => all.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? "";
  const isForm = of("content-type").startsWith("application/x-www-form-urlencoded");
  if (body !== undefined && !isForm && of("content-md5") === "") {
    all.push(["content-md5", createHash("md5").update(body).digest("base64")]);
  }
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(isForm ? `${query}&${String(body)}` : query)) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  const pairs = [...parameters]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const lines = [
    method,
    of("accept"),
    of("content-md5"),
    of("content-type"),
    of("date"),
    ...signed.toSorted().map((name) => `${name}:${of(name)}`),
    pathname + (pairs.length === 0 ? "" : `?${pairs.join("&")}`),
  ];
  const signature = createHmac("sha256", secretKey).update(lines.join("\n")).digest("base64");
  return [
    ...all,
    ["x-ca-signature-method", "HmacSHA256"],
    ["x-ca-signature-headers", signed.join(",")],
    ["x-ca-signature", signature],
  ];
}
