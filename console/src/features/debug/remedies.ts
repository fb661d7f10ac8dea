// What to do about an error code of the gateway, in both languages. Other codes are a service's own: its words stand.
import type { Language } from "../../i18n/messages.ts";

const remedies: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  invalid_request: {
    en: "Mend the part that the message names, then send it again.",
    zh: "修正消息指出的部分，然后重新发送。",
  },
  content_blocked: {
    en: "Change the content, or the moderation rules of this Model API.",
    zh: "修改内容，或调整该模型 API 的内容审核规则。",
  },
  invalid_credentials: {
    en: "Run as admin, or choose a consumer with a valid credential.",
    zh: "以管理员身份运行，或选择凭证有效的消费者。",
  },
  consumer_not_allowed: {
    en: "Grant this consumer the Model API, or run as admin.",
    zh: "为该消费者授权此模型 API，或以管理员身份运行。",
  },
  route_not_found: {
    en: "The route may be switched off: look at the routes of this Model API.",
    zh: "该路由可能已关闭：请查看此模型 API 的路由。",
  },
  model_not_found: {
    en: "Choose a model that a rule fits, or add a rule or a default to the model service.",
    zh: "选择有规则匹配的模型，或为模型服务添加规则或默认目标。",
  },
  rate_limited: {
    en: "Wait as long as Retry-After says, or raise the limit.",
    zh: "按 Retry-After 等待，或提高限额。",
  },
  quota_exceeded: {
    en: "Wait for the next period, or raise the quota.",
    zh: "等待下一周期，或提高配额。",
  },
  upstream_error: {
    en: "The service failed. The trace shows each attempt; a fallback target would have been tried.",
    zh: "服务出错。追踪里有每次尝试；配置回退目标后会继续尝试。",
  },
  upstream_unreachable: {
    en: "Test the connection of the service: address, network, certificate.",
    zh: "测试该服务的连接：地址、网络、证书。",
  },
  upstream_credentials: {
    en: "The service refused its key. Replace the key of the service.",
    zh: "服务拒绝了密钥，请更换该服务的密钥。",
  },
  no_healthy_service: {
    en: "Every target is ejected or disabled now. The services page tells until when.",
    zh: "所有目标目前都已摘除或停用，服务页显示恢复时间。",
  },
  overloaded: {
    en: "The gateway is at its limit. Send it again in a moment.",
    zh: "网关已到上限，请稍后再发送。",
  },
  first_packet_timeout: {
    en: "Raise the first-packet timeout, or add a fallback target.",
    zh: "提高首包超时，或添加回退目标。",
  },
  upstream_timeout: {
    en: "Raise the timeouts of the service, or choose a faster model.",
    zh: "提高该服务的超时，或选择更快的模型。",
  },
};

export function remedyOf(code: string, language: Language): string | undefined {
  return Object.hasOwn(remedies, code) ? remedies[code]?.[language] : undefined;
}
