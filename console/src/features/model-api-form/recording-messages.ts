// Texts of the recording of content.
import { defineMessages } from "../../i18n/messages.ts";

export const recordingMessages = defineMessages(
  {
    recordRequestContent: "Requests",
    recordResponseContent: "Answers",
    "recordRequestContent-hint": "keep what clients send",
    "recordResponseContent-hint": "keep what models answer",
    needsLogs: "Content stands in log records: switch logs on to record it.",
    offWhy:
      "Off by default: content may hold what people tell in confidence. It is kept apart from the records, for fewer days, and only roles that may see content see it.",
    warning:
      "Whoever may see content reads what is said here. Files and base64 are recorded by their size alone. Keys of services and of the caller are always masked.",
    cap: "Kept of each, at most",
    "cap-hint": "Up to {max} KiB; what is cut off is told.",
    secrets: "Mask secrets",
    "secrets-hint": "what looks like a key, token, password or private key",
    personalData: "Mask personal data",
    "personalData-hint": "e-mail, telephone, Chinese identity and bank card numbers",
    patterns: "Mask what these patterns find",
    "patterns-hint":
      "Regular expressions, one a line, at most 16. No back-references, no looking around; (?i) at the beginning for either case.",
  },
  {
    recordRequestContent: "请求内容",
    recordResponseContent: "回答内容",
    "recordRequestContent-hint": "保留客户端发送的内容",
    "recordResponseContent-hint": "保留模型回答的内容",
    needsLogs: "内容记录在日志中：请先开启日志。",
    offWhy:
      "默认关闭：内容可能含有他人的隐私。内容与日志记录分开存放，保留天数更短，只有具有内容权限的角色可以查看。",
    warning: "具有内容权限的人可以读到这里的对话。文件和 base64 只记录大小。服务和调用方的密钥始终会被遮盖。",
    cap: "每项最多保留",
    "cap-hint": "最多 {max} KiB；被截去的部分会注明。",
    secrets: "遮盖密钥",
    "secrets-hint": "形似密钥、令牌、密码或私钥的内容",
    personalData: "遮盖个人信息",
    "personalData-hint": "邮箱、电话、居民身份证号、银行卡号",
    patterns: "遮盖以下规则匹配的内容",
    "patterns-hint": "正则表达式，每行一条，最多 16 条。不支持反向引用和环视；以 (?i) 开头则忽略大小写。",
  },
);
