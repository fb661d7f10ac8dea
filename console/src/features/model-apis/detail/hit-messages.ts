// Texts of the newest exchanges in which checks found something.
import { defineMessages } from "../../../i18n/messages.ts";

export const hitMessages = defineMessages(
  {
    title: "Hits in the last 24 hours",
    all: "All in the logs",
    failed: "The hits could not be read.",
    none: "No check found anything.",
    counts: "By check",
    time: "Time",
    consumer: "Consumer",
    checks: "Checks",
    followed: "Followed",
    unknown: "—",
    block: "blocked",
    mask: "masked",
    observe: "recorded",
    error: "no answer",
    noLogs: "Log records are off for this Model API, so there are none of hits.",
  },
  {
    title: "最近 24 小时的命中",
    all: "在日志中查看全部",
    failed: "无法读取命中记录。",
    none: "检查没有发现任何内容。",
    counts: "按检查统计",
    time: "时间",
    consumer: "消费者",
    checks: "检查",
    followed: "结果",
    unknown: "—",
    block: "拦截",
    mask: "遮盖",
    observe: "记录",
    error: "没有结果",
    noLogs: "该模型 API 的日志记录已关闭，因此没有命中记录。",
  },
);
