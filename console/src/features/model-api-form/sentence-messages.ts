// Pieces of the sentence that tells the way of a request.
import { defineMessages } from "../../i18n/messages.ts";

export const sentenceMessages = defineMessages(
  {
    goes: "A request to {address} goes to {targets}.",
    nowhere: "A request to {address} goes nowhere yet: choose a service.",
    withShare: "{target} {share}",
    forPattern: "{target} for {pattern}",
    anyOther: "{target} for any other model",
    bestOf: "whichever is best now of {targets}",
    asModel: "{service} as {model}",
    unmatched: "Other models get 404.",
    noFallback: "If that fails, the client gets the error.",
    timeoutAlone: "If that fails, or no first packet comes within {ms}, the client gets the error.",
    fallback: "If that fails, then to {targets}.",
    fallbackTimeout: "If that fails, or no first packet comes within {ms}, then to {targets}.",
    listComma: ", ",
    listOr: " or ",
    listThen: ", then ",
  },
  {
    goes: "发往 {address} 的请求转到 {targets}。",
    nowhere: "发往 {address} 的请求还没有去处：请选择 AI 服务。",
    withShare: "{target}（{share}）",
    forPattern: "{target}（模型 {pattern}）",
    anyOther: "{target}（其余模型）",
    bestOf: "当前最优的目标：{targets}",
    asModel: "{service}（改写为 {model}）",
    unmatched: "其余模型返回 404。",
    noFallback: "若失败，客户端会收到错误。",
    timeoutAlone: "若失败，或 {ms} 内没有首包，客户端会收到错误。",
    fallback: "若失败，则转到 {targets}。",
    fallbackTimeout: "若失败，或 {ms} 内没有首包，则转到 {targets}。",
    listComma: "、",
    listOr: " 或 ",
    listThen: "，再到 ",
  },
);
