// Reads the body of a debug call: what is to be sent to the data plane, as a client would send it. Sends nothing.
import { z } from "zod";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { strict } from "../../resources/field.ts";
import { ControlError } from "../control-error.ts";
import { isJsonObject, type JsonObject } from "../merge-patch.ts";
import type { JsonSchema } from "../operation.ts";
import type { DebugSend } from "./debug-port.ts";
import type { DebugBody, DebugRequest } from "./try-out.ts";

// RFC 9110, 5.6.2 and 5.5; RFC 9112, 3.2.1: what could not be sent is refused here.
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
const line = /^[\t\x20-\x7e\x80-\xff]*$/u;
const target = /^\/[\x21-\x7e]*$/u;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/u;

const bytesSchema = strict({
  base64: z.string().regex(base64, "must be base64").describe("The bytes."),
  contentType: z.string().min(1).regex(line, "must be one line").describe("Their content type."),
});

const requestSchema = strict({
  method: z
    .string()
    .regex(token, "must be a method such as POST")
    .refine((method) => method.toUpperCase() !== "CONNECT", "must be a method that a Model API can take")
    .default("POST")
    .describe("Method."),
  path: z
    .string()
    .max(30_000)
    .regex(target, "must begin with / and have no spaces or characters beyond ASCII: percent-encode them")
    .describe("Path as clients send it, with the base path; a query may follow."),
  headers: z
    .record(
      z.string().regex(token, "must be the name of a header"),
      z.string().regex(line, "must be one line"),
    )
    .default({})
    .describe("Headers. Those that frame the message are set by the gateway."),
  body: z
    .unknown()
    .refine((body) => typeof body === "string" || isJsonObject(body), "must be a text or an object")
    .optional()
    .describe(
      "Body: an object that is sent as JSON, a text that is sent as it is, or `{base64, contentType}` for bytes.",
    ),
  domain: z
    .string()
    .regex(/^[\x21-\x7e]+$/u, "must be a host name")
    .optional()
    .describe("Host that is called; absent = the first domain of the Model API."),
  consumer: z
    .string()
    .min(1)
    .optional()
    .describe("Consumer in whose name it is sent; absent = nobody's, which passes without a credential."),
});

/** Set by whoever sends, or about the connection alone (RFC 9110, 7.6.1). */
const framing = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
]);

/** @param hosts of the Model API: `a.example.com`, `*.example.com` or `*` */
export function readDebugRequest(
  input: JsonObject,
  api: string,
  hosts: readonly string[],
): Omit<DebugSend, "consumer"> & { readonly consumer: string | undefined } {
  const result = requestSchema.safeParse(input, { error: readableMessage });
  if (!result.success) throw invalid(readableIssues(result.error));
  const request: DebugRequest = result.data;
  const { method = "POST", path, headers = {}, body, domain, consumer } = request;
  const given = Object.entries(headers).filter(([name]) => !framing.has(name.toLowerCase()));
  const sent = body === undefined ? undefined : bytesOf(body);
  const typed = given.some(([name]) => name.toLowerCase() === "content-type");
  return {
    api,
    consumer,
    method: method.toUpperCase(),
    path,
    headers: [
      "host",
      hostOf(domain ?? hosts[0] ?? "*"),
      ...given.flat(),
      ...(sent === undefined || typed ? [] : ["content-type", sent.contentType]),
    ],
    body: sent?.bytes,
  };
}

function bytesOf(body: DebugBody): { readonly bytes: Buffer; readonly contentType: string } {
  if (typeof body === "string") return { bytes: Buffer.from(body), contentType: "application/json" };
  if (!("base64" in body)) {
    return { bytes: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
  }
  const result = bytesSchema.safeParse(body, { error: readableMessage });
  if (!result.success) {
    throw invalid(readableIssues(result.error).map((row) => ({ ...row, path: `body.${row.path}` })));
  }
  return { bytes: Buffer.from(result.data.base64, "base64"), contentType: result.data.contentType };
}

function invalid(issues: readonly { readonly path: string; readonly message: string }[]): ControlError {
  const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
  return new ControlError("invalid", message, issues);
}

/** A host that a client could call where a domain stands for many. */
function hostOf(domain: string): string {
  if (domain === "*") return "localhost";
  return domain.startsWith("*.") ? `debug${domain.slice(1)}` : domain;
}

export function debugInputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(requestSchema, { io: "input" });
  return schema;
}
