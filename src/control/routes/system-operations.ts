// Health, metrics, and the API's own description.
import { jsonAnswer } from "../answer.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import type { AdminApiPorts } from "./ports.ts";

const json = ["application/json"];

type SystemPorts = Pick<AdminApiPorts, "configuration" | "readiness" | "metricsText">;

/** @param describe makes the OpenAPI document; called once, at the first request for it */
export function systemOperations(ports: SystemPorts, describe: () => JsonSchema): Operation[] {
  return [healthOperation, readinessOperation(ports), metricsOperation(ports), openApiOperation(describe)];
}

const healthOperation: Operation = {
  method: "get",
  path: "/healthz",
  id: "readHealth",
  summary: "Whether the process is alive.",
  tag: "system",
  access: "open",
  status: 200,
  response: {
    description: "It is.",
    mediaTypes: json,
    schema: { type: "object", properties: { status: { const: "ok" } } },
  },
  errors: [],
  handle: () => jsonAnswer({ status: "ok" }),
};

const readinessSchema: JsonSchema = {
  type: "object",
  required: ["ready", "revision", "configError"],
  properties: {
    ready: { type: "boolean" },
    revision: { type: "integer" },
    configError: { type: ["string", "null"], description: "The last refused edit of the started file." },
  },
};

function readinessOperation({ readiness, configuration }: SystemPorts): Operation {
  return {
    method: "get",
    path: "/readyz",
    id: "readReadiness",
    summary: "Whether every worker serves the newest revision.",
    tag: "system",
    access: "open",
    status: 200,
    response: { description: "Ready.", mediaTypes: json, schema: readinessSchema },
    otherResponses: { 503: { description: "Not ready.", mediaTypes: json, schema: readinessSchema } },
    errors: [],
    handle: () => {
      const { ready, revision } = readiness();
      return jsonAnswer({ ready, revision, configError: configuration.configError }, ready ? 200 : 503);
    },
  };
}

function metricsOperation({ metricsText }: SystemPorts): Operation {
  return {
    method: "get",
    path: "/metrics",
    id: "readMetrics",
    summary: "Metrics in Prometheus text format; takes the metrics token too.",
    tag: "system",
    access: "metrics",
    status: 200,
    response: { description: "The metrics.", mediaTypes: ["text/plain"], schema: { type: "string" } },
    errors: ["traffic_unavailable"],
    handle: async () =>
      new Response(await metricsText(), {
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
      }),
  };
}

function openApiOperation(describe: () => JsonSchema): Operation {
  let text: string | undefined;
  return {
    method: "get",
    path: "/api/v1/openapi.json",
    id: "readOpenApi",
    summary: "This description.",
    tag: "system",
    access: "open",
    status: 200,
    response: { description: "An OpenAPI 3.1 document.", mediaTypes: json, schema: { type: "object" } },
    errors: [],
    handle: () => {
      text ??= JSON.stringify(describe());
      return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
    },
  };
}
