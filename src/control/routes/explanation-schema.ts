// The answer of `explain`, for the description of the admin API.
import { routingRecordSchema } from "./routing-record-schema.ts";
import type { JsonSchema } from "../operation.ts";

const text = { type: "string" };

const targetSchema: JsonSchema = {
  type: "object",
  required: ["service", "model", "url", "standing", "reason", "firstPacketTimeoutMs"],
  properties: {
    service: text,
    model: { type: "string", description: "Model name that is sent." },
    url: { type: "string", description: "Whole URL; empty when the service does not speak the protocol." },
    translatedTo: {
      type: "string",
      description: "The protocol that the request is translated to; absent when it is sent as it is.",
    },
    standing: {
      type: "string",
      enum: ["ready", "trial", "ejected", "refused", "resting", "disabled", "foreign"],
      description: "Whether the service can be sent to now.",
    },
    reason: { type: "string", description: "Why it is not ready." },
    firstPacketTimeoutMs: { type: "number", description: "For streams; 0 = off." },
  },
};

export const explanationSchema: JsonSchema = {
  type: "object",
  required: [
    "route",
    "protocol",
    "reason",
    "policies",
    "refusal",
    "decision",
    "order",
    "fallback",
    "fallbackOn",
  ],
  properties: {
    route: {
      type: ["string", "null"],
      description: "Null when the request does not come to this Model API.",
    },
    protocol: text,
    reason: {
      type: "string",
      description: "Why there is no route, or who answers when no service is asked.",
    },
    policies: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "verdict", "reason"],
        properties: {
          name: text,
          verdict: { type: "string", enum: ["off", "passed", "refused"] },
          reason: text,
        },
      },
    },
    refusal: {
      type: ["object", "null"],
      description: "What the gateway would answer by itself. What follows holds as if it had not.",
      required: ["status", "code", "message"],
      properties: { status: { type: "integer" }, code: text, message: text },
    },
    decision: {
      type: ["object", "null"],
      required: ["mode", "reason", "candidates"],
      properties: {
        mode: text,
        reason: text,
        candidates: { type: "array", items: { type: "object" } },
        routing: routingRecordSchema,
      },
    },
    order: { type: "array", items: targetSchema, description: "The selected target." },
    fallback: { type: "array", items: targetSchema, description: "What is tried after it, in order." },
    fallbackOn: { type: "array", items: text, description: "Failures that go on to the next target." },
  },
};
