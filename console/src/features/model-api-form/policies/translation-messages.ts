// Texts of the card of translation.
import { defineMessages } from "../../../i18n/messages.ts";

export const translationMessages = defineMessages(
  {
    strict: "Strict",
    strictHint: "Refuse with 400 what the service's protocol cannot express. Off: a warning instead.",
    passFields: "Fields that pass",
    passFieldsHint:
      "Names of fields that neither protocol knows, one a line. They reach the service as they came; others are left out.",
    images: "Image tasks",
    imagesHint: "Where a service answers with a task, the gateway waits for the pictures.",
    poll: "Looks every (seconds)",
    pollHint: "0.1 to 600 seconds.",
    deadline: "Gives up after (seconds)",
    deadlineHint: "1 to 86,400 seconds. The task is then cancelled, and the client gets 504.",
  },
  {
    strict: "严格模式",
    strictHint: "服务协议无法表达的内容以 400 拒绝。关闭时改为警告。",
    passFields: "可通过的字段",
    passFieldsHint: "两种协议都不认识的字段名，每行一个。它们原样到达服务，其余的会略去。",
    images: "图像任务",
    imagesHint: "服务以任务作答时，网关代为等待图像。",
    poll: "查询间隔（秒）",
    pollHint: "0.1 到 600 秒。",
    deadline: "放弃时间（秒）",
    deadlineHint: "1 到 86,400 秒。届时任务被取消，客户端收到 504。",
  },
);
