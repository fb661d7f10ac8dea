// The names of the wire formats that services speak, as people write them.
import type { Service } from "../../api/resources.ts";

export type ServiceProtocol = NonNullable<Service["protocols"]>[number]["protocol"];

export const protocolLabels: Readonly<Record<ServiceProtocol, string>> = {
  openai: "OpenAI",
  "openai-responses": "OpenAI Responses",
  anthropic: "Anthropic",
  gemini: "Gemini",
  bedrock: "Bedrock",
  dashscope: "DashScope",
  vllm: "vLLM",
  cohere: "Cohere",
  comfyui: "ComfyUI",
};
