// The wire format of each protocol that a route can speak. Must hold nothing but the table.
import type { RouteProtocol } from "../core/protocol.ts";
import { anthropicWire } from "./anthropic.ts";
import { comfyuiWire } from "./comfyui.ts";
import { dashscopeWire } from "./dashscope.ts";
import { geminiWire } from "./gemini.ts";
import { openaiResponsesWire } from "./openai-responses.ts";
import { openaiWire } from "./openai.ts";
import type { Wire } from "./wire.ts";

/** vLLM speaks OpenAI. */
export const wires: Readonly<Record<RouteProtocol, Wire>> = {
  openai: openaiWire,
  "openai-responses": openaiResponsesWire,
  anthropic: anthropicWire,
  dashscope: dashscopeWire,
  comfyui: comfyuiWire,
  vllm: openaiWire,
  gemini: geminiWire,
};
