// Texts of the cards of addresses and of calls from browsers.
import { defineMessages } from "../../../i18n/messages.ts";

export const networkMessages = defineMessages(
  {
    allow: "Allowed",
    allowHint: "Addresses or networks, one a line. Empty: everyone.",
    deny: "Denied",
    denyHint: "Comes first: who stands here may not call, whatever is allowed.",
    proxy: "Behind a proxy, set MOONGATE_TRUSTED_PROXIES: else the proxy's address is looked at.",
    origins: "Origins",
    originsHint: "One a line, such as https://app.example.com; * for any.",
  },
  {
    allow: "允许",
    allowHint: "地址或网段，每行一个。留空表示所有人。",
    deny: "拒绝",
    denyHint: "优先生效：列在这里的不能调用，无论是否被允许。",
    proxy: "位于代理之后时，请设置 MOONGATE_TRUSTED_PROXIES，否则检查的是代理的地址。",
    origins: "来源",
    originsHint: "每行一个，例如 https://app.example.com；* 表示任意来源。",
  },
);
