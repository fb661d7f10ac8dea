// Protocols as people call them. Names stay as they are in every language.
const names: Readonly<Record<string, string>> = {
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
  return names[protocol] ?? protocol;
}

/** `OpenAI, Anthropic or vLLM` in the words of the language. */
export function protocolList(protocols: readonly string[], language: "en" | "zh"): string {
  const list = new Intl.ListFormat(language === "zh" ? "zh-CN" : "en", { type: "disjunction" });
  return list.format(protocols.map(protocolName));
}
