// Protocols as people call them. Names stay as they are in every language.
const labels: Readonly<Record<string, string>> = {
  openai: "OpenAI",
  "openai-responses": "OpenAI Responses",
  anthropic: "Anthropic",
  dashscope: "DashScope",
  comfyui: "ComfyUI",
  vllm: "vLLM",
  gemini: "Gemini",
  bedrock: "Bedrock",
  cohere: "Cohere",
};

export function protocolName(protocol: string): string {
  return labels[protocol] ?? protocol;
}

/** `OpenAI, Anthropic or vLLM` in the words of the language. */
export function protocolList(protocols: readonly string[], language: "en" | "zh"): string {
  const names = protocols.map(protocolName);
  const last = names.at(-1) ?? "";
  if (names.length < 2) return last;
  const [comma, or] = language === "zh" ? ["、", " 或 "] : [", ", " or "];
  return names.slice(0, -1).join(comma) + or + last;
}

/** `OpenAI → Anthropic`: what clients speak, and what it is translated to. */
export function protocolPair({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${protocolName(from)} → ${protocolName(to)}`;
}
