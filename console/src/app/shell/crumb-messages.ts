// Words of the path in the top bar.
import { defineMessages } from "../../i18n/messages.ts";

export const crumbMessages = defineMessages(
  {
    path: "You are here",
    overview: "Overview",
    modelApis: "Model APIs",
    create: "Create",
    edit: "Edit",
    debug: "Debug",
    services: "Services",
    domains: "Domains",
    consumers: "Consumers",
    consumerGroups: "Consumer groups",
    policies: "Policies",
    resourceGroups: "Resource groups",
    metrics: "Metrics",
    alerts: "Alerts",
    usage: "Usage",
    logs: "Logs",
    playground: "Playground",
    settings: "Settings",
  },
  {
    path: "当前位置",
    overview: "概览",
    modelApis: "模型 API",
    create: "创建",
    edit: "编辑",
    debug: "调试",
    services: "AI 服务",
    domains: "域名",
    consumers: "消费者",
    consumerGroups: "消费者组",
    policies: "策略",
    resourceGroups: "资源组",
    metrics: "指标",
    alerts: "告警",
    usage: "用量",
    logs: "日志",
    playground: "试验场",
    settings: "设置",
  },
);

export type CrumbWord = Exclude<keyof typeof crumbMessages.en, "path">;
