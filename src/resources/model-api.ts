// The schema of a Model API: what a user creates and an application calls.
import { z } from "zod";
import { apiProtocols } from "../core/protocol.ts";
import { normaliseBasePath } from "../lib/base-path.ts";
import { normaliseHostName } from "../lib/host-name.ts";
import { authField } from "./auth.ts";
import { cacheField } from "./cache.ts";
import { protocolsOf } from "./default-routes.ts";
import { nameField, resourceGroupField, strict } from "./field.ts";
import { fallbackField, modelServiceField, retriesField } from "./model-service.ts";
import { moderationField } from "./moderation.ts";
import { corsField, imagesField, monitoringField, translationField } from "./policy.ts";
import { rateLimitsField } from "./rate-limit.ts";
import { routeIssues, routesField } from "./route.ts";
import { ipAccessField, parametersField, promptField, transformField } from "./shaping.ts";
import { useCases } from "./use-case.ts";

const basePathField = z
  .string()
  .default("/")
  .transform((text, context) => {
    const result = normaliseBasePath(text);
    if (result.ok) return result.path;
    context.addIssue({ code: "custom", message: result.problem });
    return z.NEVER;
  });

const domainsField = z
  .array(z.string())
  .min(1)
  .default(["*"])
  .transform((texts, context) => {
    const hosts = new Set<string>();
    for (const [index, text] of texts.entries()) {
      const result = normaliseHostName(text);
      if (result.ok) hosts.add(result.host);
      else context.addIssue({ code: "custom", path: [index], message: result.problem });
    }
    return [...hosts];
  });

const bareModelApiSchema = strict({
  name: nameField.describe("Name of the Model API; fixed after creation."),
  description: z.string().max(1024).default("").describe("Free text."),
  tags: z.array(z.string().min(1).max(64)).max(64).default([]).describe("Words to find it by."),
  enabled: z.boolean().default(true).describe("Whether it answers."),
  useCase: z.enum(useCases).describe("What it is for; fixed after creation."),
  protocols: z.array(z.enum(apiProtocols)).min(1).describe("Wire formats that clients may speak."),
  domains: domainsField.describe("Host names that clients call; `*` = any."),
  basePath: basePathField.describe("Path below which the routes are. Unique together with the domain."),
  stripBasePath: z.boolean().default(false).describe("Leave the base path out when forwarding."),
  resourceGroup: resourceGroupField,
  routes: routesField.prefault({}).describe("Which routes are served."),
  cors: corsField.prefault({}).describe("Calls from browsers."),
  monitoring: monitoringField.prefault({}).describe("What is recorded."),
  modelService: modelServiceField,
  fallback: fallbackField.prefault({}).describe("What is tried after the chosen target failed."),
  retries: retriesField.prefault({}).describe("Retries on the same target."),
  firstPacketTimeoutMs: z
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(0)
    .describe("Milliseconds to wait for the first data of a streamed answer; 0 = off."),
  translation: translationField.prefault({}).describe("Calls to services of another protocol."),
  images: imagesField.prefault({}).describe("Translated image tasks."),
  ipAccess: ipAccessField.prefault({}).describe("Where calls may come from."),
  prompt: promptField.prefault({}).describe("What is put before and after the system prompt of clients."),
  parameters: parametersField.prefault({}).describe("Defaults and limits of parameters of generation."),
  transform: transformField.prefault({}).describe("Headers and fields that are changed on the way."),
  auth: authField.prefault({}).describe("Who may call."),
  rateLimits: rateLimitsField,
  moderation: moderationField.prefault({}).describe("Checks of content."),
  cache: cacheField.prefault({}).describe("Reuse of answers."),
}).describe("What applications call: use case, protocols, domains, base path, model service, policies.");

export type ModelApi = z.output<typeof bareModelApiSchema>;

export const modelApiSchema = bareModelApiSchema.superRefine((api, context) => {
  const allowed = protocolsOf(api.useCase);
  api.protocols.forEach((protocol, index) => {
    if (!allowed.includes(protocol)) {
      const message = `"${protocol}" has no routes for ${api.useCase}; it serves ${allowed.join(", ")}`;
      context.addIssue({ code: "custom", path: ["protocols", index], message });
    } else if (api.protocols.indexOf(protocol) < index) {
      context.addIssue({
        code: "custom",
        path: ["protocols", index],
        message: `"${protocol}" is named twice`,
      });
    }
  });
  for (const issue of routeIssues(api)) {
    context.addIssue({ code: "custom", path: ["routes", ...issue.path], message: issue.message });
  }
});
