// The rows of Gemini's API, with its models and embeddings. Must not know sockets.
import type { Endpoint, Method } from "../endpoint.ts";
import { geminiErrors as errors } from "../error-shapes.ts";
import { isRecord, missing, optionalInteger, requiredObjects } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { textOf } from "../conversation.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { countTokens } from "../tokens.ts";
import { vectorOf } from "../vector.ts";
import { countContentTokens, generateContent, streamGenerateContent } from "./generate.ts";

const models = ["simulated-small", "simulated-large", "simulated-embedding"] as const;

const defaultDimensions = 3072;
const mostRequests = 100;

const row = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  method,
  path,
  errors,
  answer,
});

/** Models of other vendors are found at the same end of a path, so the version is part of these. */
export const geminiEndpoints: readonly Endpoint[] = [
  row("POST", "/v1beta/models/{}:generateContent", generateContent),
  row("POST", "/v1beta/models/{}:streamGenerateContent", streamGenerateContent),
  row("POST", "/v1beta/models/{}:countTokens", countContentTokens),
  row("POST", "/v1beta/models/{}:embedContent", embedContent),
  row("POST", "/v1beta/models/{}:batchEmbedContents", embedContents),
  row("GET", "/v1beta/models", listModels),
  row("GET", "/v1beta/models/{}", getModel),
];

function listModels(): Reply {
  return jsonReply({ models: models.map(modelOf) });
}

function getModel({ params: [name = ""] }: Call): Reply {
  return jsonReply(modelOf(name));
}

function modelOf(name: string): JsonObject {
  return {
    name: `models/${name}`,
    version: "001",
    displayName: `${name} (simulated)`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens", "embedContent"],
  };
}

/** @throws RefusedRequest (400) without a content. */
function embedContent({ body }: Call): Reply {
  return jsonReply({ embedding: embeddingOf(body) }, 0, tokensOf(body));
}

/** @throws RefusedRequest (400) without requests. */
function embedContents({ body }: Call): Reply {
  const requests = requiredObjects(body, "requests").slice(0, mostRequests);
  const tokens = requests.reduce((sum, request) => sum + tokensOf(request), 0);
  return jsonReply({ embeddings: requests.map(embeddingOf) }, 0, tokens);
}

/** Gemini does not tell them. */
function tokensOf({ content }: JsonObject): number {
  return isRecord(content) ? countTokens(textOf(content["parts"])) : 0;
}

function embeddingOf(request: JsonObject): JsonObject {
  const content = isRecord(request["content"]) ? request["content"] : missing("content");
  const dimensions =
    optionalInteger(request, "outputDimensionality", 1, defaultDimensions) ?? defaultDimensions;
  return { values: [...vectorOf(textOf(content["parts"]), dimensions)] };
}
