// The schema of an AI service: a configured upstream. Knows provider ids, not what stands behind them.
import { z } from "zod";
import { maxSimulatorDelayMs, simulatorFaults } from "../core/simulator-faults.ts";
import { serviceProtocols } from "../core/protocol.ts";
import { baseUrlField, modelNameField, namedList, nameField, resourceGroupField, strict } from "./field.ts";
import { providerIds } from "./provider-id.ts";
import { secret } from "./secret.ts";

const apiKeyValueField = z.union(
  [
    secret(),
    strict({
      accessKeyId: z.string().min(1).describe("AWS access key id."),
      secretAccessKey: secret().describe("AWS secret access key."),
      sessionToken: secret().optional().describe("AWS session token."),
    }),
  ],
  {
    error: (issue) =>
      typeof issue.input === "object" && issue.input !== null && "set" in issue.input
        ? "there is no stored secret to keep here: give the value"
        : "must be a key, or accessKeyId and secretAccessKey for Bedrock",
  },
);

const priceField = strict({
  input: z.number().min(0).default(0).describe("USD per million input tokens."),
  cachedInput: z
    .number()
    .min(0)
    .optional()
    .describe("USD per million cached input tokens; absent = as input."),
  cacheWriteInput: z
    .number()
    .min(0)
    .optional()
    .describe("USD per million input tokens written to a cache; absent = as input."),
  output: z.number().min(0).default(0).describe("USD per million output tokens."),
  reasoning: z.number().min(0).optional().describe("USD per million reasoning tokens; absent = as output."),
  image: z.number().min(0).default(0).describe("USD per image."),
  second: z.number().min(0).default(0).describe("USD per second of audio or video."),
  character: z.number().min(0).default(0).describe("USD per million characters."),
});

const modelField = strict({
  name: modelNameField.describe("Model name as the service knows it."),
  contextWindow: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Tokens that fit into one request with its answer."),
  price: priceField
    .optional()
    .describe("Prices, for the cost of requests that are sent with this very name."),
});

const timeoutsField = strict({
  connectMs: z
    .number()
    .int()
    .min(1)
    .max(600_000)
    .default(5000)
    .describe("Milliseconds to connect, TLS included."),
  idleMs: z.number().int().min(1).max(3_600_000).default(60_000).describe("Milliseconds between two bytes."),
  totalMs: z
    .number()
    .int()
    .min(1)
    .max(86_400_000)
    .default(600_000)
    .describe("Milliseconds for the whole exchange."),
});

const healthCheckField = strict({
  enabled: z.boolean().default(false).describe("Whether the service is probed."),
  path: z.string().startsWith("/").default("/v1/models").describe("Path of the probe."),
  intervalSeconds: z.number().int().min(1).max(3600).default(10).describe("Seconds between probes."),
  unhealthyThreshold: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("Failed probes in a row until unhealthy."),
  healthyThreshold: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Good probes in a row until healthy again."),
});

const simulatorField = strict({
  latencyMs: z
    .number()
    .min(0)
    .max(maxSimulatorDelayMs)
    .optional()
    .describe("Milliseconds before the answer's head."),
  ttftMs: z
    .number()
    .min(0)
    .max(maxSimulatorDelayMs)
    .optional()
    .describe("Milliseconds before the first token."),
  tokensPerSecond: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("Speed of a streamed answer; 0 = as fast as possible."),
  outputTokens: z.number().int().min(0).max(1_000_000).optional().describe("Length of an answer."),
  failureRate: z.number().min(0).max(1).optional().describe("Share of requests that get the fault."),
  fault: z.enum(simulatorFaults).optional().describe("What goes wrong when a request fails."),
});

const headerName = z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u, "must be a header name");

export const serviceSchema = strict({
  name: nameField.describe("Name of the service."),
  description: z.string().max(1024).default("").describe("Free text."),
  enabled: z.boolean().default(true).describe("Whether requests may be sent to it."),
  provider: z.enum(providerIds).describe("Row of the provider catalogue."),
  baseUrl: baseUrlField
    .optional()
    .describe(
      "Replaces the catalogue's base URL and keeps its protocol list. Without a path it replaces scheme, host and port only.",
    ),
  protocols: z
    .array(
      strict({
        protocol: z.enum(serviceProtocols).describe("Wire format spoken there."),
        baseUrl: baseUrlField
          .optional()
          .describe("Base URL for this protocol; absent: where the service would speak it anyway."),
      }),
    )
    .min(1)
    .optional()
    .describe("Replaces the catalogue's protocol list."),
  apiKeys: namedList(
    strict({
      name: nameField.describe("Name of the key, for logs."),
      value: apiKeyValueField.describe("The key. Write-only."),
      weight: z
        .number()
        .int()
        .min(0)
        .max(100)
        .default(1)
        .describe("Share of requests among the keys; 0 = not used while another key has a share."),
      enabled: z.boolean().default(true).describe("Whether the key is used."),
    }),
  ).describe("Keys of the provider; may be absent where none is needed."),
  region: z
    .string()
    .regex(/^[a-zA-Z0-9-]{1,64}$/u, "must be the name of a region")
    .optional()
    .describe("Cloud region (Bedrock, Vertex)."),
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.:-]{0,62}$/u, "must be the id of a project")
    .optional()
    .describe("Google Cloud project (Vertex); absent = that of the service account."),
  models: namedList(modelField).describe("Models that it serves, with context window and prices."),
  headers: z
    .record(headerName, secret())
    .default({})
    .describe("Headers added to every request. Values are write-only."),
  timeouts: timeoutsField.prefault({}).describe("Timeouts."),
  maxInFlight: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(20_000)
    .describe("Requests in flight over all workers; 0 = no cap."),
  healthCheck: healthCheckField.prefault({}).describe("Active probes."),
  simulator: simulatorField.optional().describe("Knobs of the built-in simulator (provider `simulator`)."),
  resourceGroup: resourceGroupField,
})
  .superRefine((service, context) => {
    for (const name of Object.keys(service.headers)) {
      if (forbiddenHeaders.has(name.toLowerCase())) {
        context.addIssue({
          code: "custom",
          path: ["headers", name],
          message: "is set by the gateway itself",
        });
      }
    }
    if (service.simulator !== undefined && service.provider !== "simulator") {
      context.addIssue({
        code: "custom",
        path: ["simulator"],
        message: "is only for services of provider simulator",
      });
    }
    const twice = service.protocols?.find(
      (row, index, rows) => rows.findIndex((other) => other.protocol === row.protocol) < index,
    );
    if (twice !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["protocols"],
        message: `names protocol "${twice.protocol}" twice`,
      });
    }
  })
  .describe("A configured upstream: provider, base URL, credentials, models.");
export type Service = z.output<typeof serviceSchema>;

/** Headers that frame the connection or carry what only the gateway knows. */
const forbiddenHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-encoding",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-moongate-simulator",
]);
