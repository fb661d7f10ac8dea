// Every translation that there is, by protocol: sides of conversations, and single calls. Must hold nothing but tables.
import type { RouteProtocol, ServiceProtocol } from "../core/protocol.ts";
import { translatedTo, type Task } from "../core/translated-pairs.ts";
import { completionClient } from "./clients/openai-completion/completion-client.ts";
import { anthropicClient } from "./clients/anthropic/anthropic-client.ts";
import { dashscopeClient } from "./clients/dashscope/dashscope-client.ts";
import { geminiClient } from "./clients/gemini/gemini-client.ts";
import { openaiClient } from "./clients/openai/openai-client.ts";
import { anthropicService } from "./services/anthropic/anthropic-service.ts";
import { responsesClient } from "./clients/openai-responses/openai-responses-client.ts";
import { responsesService } from "./services/openai-responses/openai-responses-service.ts";
import { conversation } from "./conversation.ts";
import { bedrockService } from "./services/bedrock/bedrock-service.ts";
import { dashscopeService } from "./services/dashscope/dashscope-service.ts";
import { geminiService } from "./services/gemini/gemini-service.ts";
import { openaiService } from "./services/openai/openai-service.ts";
import { geminiEmbeddingClient, openaiEmbeddingClient } from "./embeddings/embedding-clients.ts";
import {
  cohereEmbeddings,
  dashscopeEmbeddings,
  geminiEmbeddings,
  openaiEmbeddings,
} from "./embeddings/embedding-services.ts";
import { openaiImageClient, openaiImageEditClient } from "./images/image-clients.ts";
import { dashscopeImages } from "./images/image-services.ts";
import { dashscopeRerankClient, vllmRerankClient } from "./rerank/rerank-clients.ts";
import { cohereRerank, dashscopeRerank, vllmRerank } from "./rerank/rerank-services.ts";
import { dashscopeSpeech } from "./speech/dashscope-speech.ts";
import { openaiSpeechClient } from "./speech/speech-clients.ts";
import { speech } from "./speech/speech.ts";
import { singleCall } from "./single-call.ts";
import type { Translate } from "./translated-call.ts";
import type { ClientSide, ServiceSide } from "./translation.ts";

/** What clients of conversations speak, as `protocol task`. */
export const clientSides: Readonly<Partial<Record<`${RouteProtocol} ${Task}`, ClientSide>>> = {
  "anthropic chat": anthropicClient,
  "openai chat": openaiClient,
  "openai-responses chat": responsesClient,
  "gemini chat": geminiClient,
  "openai completion": completionClient,
  "dashscope chat": dashscopeClient,
};

/** What services of conversations speak. */
export const serviceSides: Readonly<Partial<Record<ServiceProtocol, ServiceSide>>> = {
  "openai-responses": responsesService,
  anthropic: anthropicService,
  bedrock: bedrockService,
  dashscope: dashscopeService,
  gemini: geminiService,
  openai: openaiService,
};

/** Single calls, as `protocol task service`. */
export const singleCalls: Readonly<
  Partial<Record<`${RouteProtocol} ${Task} ${ServiceProtocol}`, Translate>>
> = {
  "openai embedding openai": singleCall(openaiEmbeddingClient, openaiEmbeddings),
  "openai embedding gemini": singleCall(openaiEmbeddingClient, geminiEmbeddings),
  "openai embedding cohere": singleCall(openaiEmbeddingClient, cohereEmbeddings),
  "openai embedding dashscope": singleCall(openaiEmbeddingClient, dashscopeEmbeddings),
  "openai images dashscope": singleCall(openaiImageClient, dashscopeImages),
  "openai image-edits dashscope": singleCall(openaiImageEditClient, dashscopeImages),
  "openai speech dashscope": speech(openaiSpeechClient, dashscopeSpeech),
  "gemini embedding openai": singleCall(geminiEmbeddingClient, openaiEmbeddings),
  "vllm rerank vllm": singleCall(vllmRerankClient, vllmRerank),
  "vllm rerank dashscope": singleCall(vllmRerankClient, dashscopeRerank),
  "vllm rerank cohere": singleCall(vllmRerankClient, cohereRerank),
  "dashscope rerank vllm": singleCall(dashscopeRerankClient, vllmRerank),
  "dashscope rerank cohere": singleCall(dashscopeRerankClient, cohereRerank),
};

/** How a request is translated for a service; undefined: it cannot be. */
export function translationOf(
  protocol: RouteProtocol,
  task: Task | undefined,
  service: ServiceProtocol,
): Translate | undefined {
  if (task === undefined || !translatedTo(protocol, task).includes(service)) return undefined;
  const call = singleCalls[`${protocol} ${task} ${service}`];
  if (call !== undefined) return call;
  const client = clientSides[`${protocol} ${task}`];
  const side = serviceSides[service];
  return client === undefined || side === undefined ? undefined : conversation(client, side);
}
