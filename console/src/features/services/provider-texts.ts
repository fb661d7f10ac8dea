// What the provider catalogue says about a provider, in the language of the console. The catalogue itself is English.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import type { Language } from "../../i18n/messages.ts";

/** Chinese notes by provider; one that is missing shows the catalogue's English. */
export const chineseNotes: Readonly<Partial<Record<Provider["id"], string>>> = {
  "openai-compatible": "需要填写基础 URL。",
  "azure-openai":
    "基础 URL 中需要填写你的资源名称。不带路径时使用 v1 API，部署名称即模型名称；路径为 /openai 时，部署写入路径，api-version 写入查询（2024-10-21，或客户端指定的版本）。",
  "anthropic-compatible": "需要填写基础 URL。",
  vertex:
    "密钥可以是服务账号的 JSON 密钥，也可以是访问令牌或 API Key。未填写项目时使用服务账号所属的项目；地域 global 使用单独的主机。",
  bedrock: "Bedrock API Key 直接使用；访问密钥（可带会话令牌）用于签名（Signature Version 4）。",
  dashscope: "国际站账号请使用基础 URL https://dashscope-intl.aliyuncs.com。",
  moonshot: "国际站账号请使用基础 URL https://api.moonshot.ai。",
  zhipu: "国际站账号请使用基础 URL https://api.z.ai。",
  minimax: "国际站账号请使用基础 URL https://api.minimax.io。",
  cohere: "对话和向量通过其 OpenAI 兼容 API；重排使用其自有协议。",
  voyage: "仅提供向量与重排，不支持对话。",
  jina: "仅提供向量与重排，不支持对话。",
  elevenlabs: "不支持当前提供的任何协议；只能通过自行填写的协议列表访问。",
  "llama-cpp": "它的默认端口与网关相同：在同一台机器上请更换其中之一。",
  simulator:
    "内置，用于演示、测试和压测：不需要密钥，也不访问网络。如果设置了密钥，任务和文件归创建它们的密钥所有。",
};

export function providerNote(provider: Provider, language: Language): string {
  return (language === "zh" ? chineseNotes[provider.id] : undefined) ?? provider.note;
}

/** Names of vendors stay as they are; the simulator is ours. */
export function providerLabel(provider: Provider, language: Language): string {
  return language === "zh" && provider.id === "simulator" ? "模拟器（模拟）" : provider.label;
}
