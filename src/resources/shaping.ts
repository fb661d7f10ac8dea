// The schemas of what a Model API makes of requests and answers, and of the addresses that it lets in.
import { z } from "zod";
import { isNetwork } from "../lib/network-list.ts";
import { fieldName } from "./field-name.ts";
import { strict } from "./field.ts";

/** An address, or a network with its prefix length. */
export const networkField = z.string().superRefine((text, context) => {
  if (!isNetwork(text))
    context.addIssue({ code: "custom", message: "must be an IP address or a network such as 10.0.0.0/8" });
});

export const ipAccessField = strict({
  allow: z.array(networkField).max(1_000).default([]).describe("Who may call; empty = everyone."),
  deny: z.array(networkField).max(1_000).default([]).describe("Who may not, whatever `allow` says."),
}).describe("Addresses and networks of callers.");

const promptText = z.string().max(65_536).default("");

export const promptField = strict({
  systemPrefix: promptText.describe("Stands before what the client gives as system prompt."),
  systemSuffix: promptText.describe("Stands after it."),
});

/** The parameter as this build knows it in every protocol. */
export const parameterNames = ["maxTokens", "temperature", "topP", "n"] as const;

const parameterField = (what: string) =>
  strict({
    default: z.number().min(0).optional().describe("Sent where the client says nothing."),
    maximum: z.number().min(0).optional().describe("A higher one is lowered to it."),
  })
    .superRefine((parameter, context) => {
      if (parameter.default !== undefined && parameter.default > (parameter.maximum ?? Infinity))
        context.addIssue({ code: "custom", path: ["default"], message: "must not be above the maximum" });
    })
    .optional()
    .describe(what);

export const parametersField = strict({
  maxTokens: parameterField("Output tokens; with a maximum, it is also sent where the client says nothing."),
  temperature: parameterField("Temperature."),
  topP: parameterField("Nucleus sampling."),
  n: parameterField("Answers to one request."),
});

/** Headers that belong to a connection, to the framing of a message, to credentials or to the gateway. */
const ownHeaders =
  /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|content-type|accept-encoding|expect|authorization|api-key|x-api-key|x-goog-api-key|cookie2?|set-cookie2?|x-request-id|x-moongate-.*|forwarded|x-forwarded-.*|via)$/iu;

const editableHeader = fieldName.refine(
  (name) => !ownHeaders.test(name),
  "belongs to the connection, to credentials or to the gateway and cannot be changed",
);
const headerValue = z
  .string()
  .max(8_192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/u, "must be one line of visible characters");

const headersField = strict({
  remove: z.array(editableHeader).max(100).default([]).describe("Headers that go."),
  rename: z.record(editableHeader, editableHeader).default({}).describe("Headers that get another name."),
  set: z
    .record(editableHeader, headerValue)
    .default({})
    .describe("Headers that are put in place of any that are there."),
});

const fieldPath = z
  .string()
  .max(256)
  .regex(
    /^[A-Za-z0-9_$@-]{1,64}(?:\.[A-Za-z0-9_$@-]{1,64}){0,7}$/u,
    "must be names of fields with dots between them",
  )
  .refine(
    (path) => path !== "model" && path !== "stream",
    "is what the gateway chooses by; use the model service instead",
  );
const fieldKey = z.string().regex(/^[A-Za-z0-9_$@-]{1,64}$/u, "must be the name of a field");

const bodyField = strict({
  remove: z.array(fieldPath).max(100).default([]).describe("Fields that go, such as `metadata.user`."),
  rename: z
    .record(fieldPath, fieldKey)
    .default({})
    .describe("Fields that get another name where they stand."),
  set: z
    .record(fieldPath, z.json())
    .default({})
    .describe("Fields that are put in place of any that are there."),
});

export const transformField = strict({
  requestHeaders: headersField.prefault({}).describe("Headers on their way to the service."),
  requestBody: bodyField.prefault({}).describe("JSON on its way to the service."),
  responseHeaders: headersField.prefault({}).describe("Headers on their way to the client."),
}).describe("Taken out first, then renamed, then set.");
