// Every page of the console as a row: where it is, what shows that it is there, what it may cost. Read by guards and screenshots.
import type { Page } from "playwright-core";

export interface PageRow {
  /** For test names and files of screenshots. */
  readonly name: string;
  /** With what belongs to it: tab, filter, window. What the seed makes may be named. */
  readonly address: string;
  /** Calls of the admin API until it is painted; those of the frame (session, status) included. */
  readonly calls: number;
  /** Default: true. */
  readonly signedIn?: boolean;
  /** Opens what is to be looked at as well: a dialog, a menu, a drawer. */
  readonly open?: (page: Page) => Promise<void>;
}

/** Presses what bears one of the names: English, Chinese, or both in one expression. */
const press =
  (...names: readonly RegExp[]) =>
  async (page: Page): Promise<void> => {
    for (const name of names) {
      await page.getByRole("button", { name }).or(page.getByRole("menuitem", { name })).first().click();
    }
  };

const type =
  (keys: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(keys);
    await page.getByRole("dialog").first().waitFor();
  };

const isThere = (page: Page): Promise<void> =>
  page.getByRole("tab", { name: /^(?:Conversation|对话)$/u }).waitFor();

/** The newest exchange beside the list; after a reload it is open already. */
const openExchange = async (page: Page): Promise<void> => {
  if (!page.url().includes("log=")) await page.getByRole("row").nth(1).getByRole("link").click();
  await isThere(page);
};

/** The newest exchange on a page of its own. */
const openExchangePage = async (page: Page): Promise<void> => {
  if (!page.url().includes("/observe/logs/")) {
    await openExchange(page);
    await press(/^(?:More actions|更多操作)$/u, /^(?:Open as a page|在整页中打开)$/u)(page);
    await page.waitForURL((url) => url.pathname.startsWith("/observe/logs/"));
  }
  await isThere(page);
};

/** What lies over a page once it is opened. */
const opened: readonly PageRow[] = [
  { name: "palette", address: "/domains", calls: 8, open: type("Control+k") },
  { name: "help", address: "/domains", calls: 6, open: type("?") },
  { name: "account", address: "/domains", calls: 6, open: press(/: admin$/u) },
  {
    name: "model-apis-menu",
    address: "/model-apis",
    calls: 6,
    open: press(/More for chat|^chat 的更多操作/u),
  },
  {
    name: "model-apis-delete",
    address: "/model-apis",
    calls: 6,
    open: press(/More for chat|^chat 的更多操作/u, /^(?:Delete|删除)/u),
  },
  {
    name: "model-apis-facet",
    address: "/model-apis",
    calls: 6,
    open: press(/^(?:Use case|场景)/u),
  },
  { name: "services-test", address: "/services?test=simulator", calls: 7 },
  { name: "debug-share", address: "/model-apis/chat/debug?open=share", calls: 8 },
  {
    name: "settings-rollback",
    address: "/settings/revisions",
    calls: 5,
    open: press(/(?:Roll back to|回滚到) 3$/u),
  },
];

const logs: readonly PageRow[] = [
  { name: "logs", address: "/observe/logs", calls: 4 },
  { name: "logs-filtered", address: "/observe/logs?q=status:5xx&range=24h", calls: 4 },
  { name: "logs-no-hits", address: "/observe/logs?q=model:none-such", calls: 4 },
  { name: "logs-facet", address: "/observe/logs", calls: 4, open: press(/^(?:Status|状态)$/u) },
  { name: "logs-columns", address: "/observe/logs", calls: 4, open: press(/^(?:Columns|列)$/u) },
  { name: "logs-exchange", address: "/observe/logs", calls: 6, open: openExchange },
  { name: "logs-exchange-page", address: "/observe/logs", calls: 6, open: openExchangePage },
  { name: "settings-delivery", address: "/settings/delivery", calls: 7 },
  { name: "settings-delivery-add", address: "/settings/delivery?add=otlp", calls: 7 },
];

export const pages: readonly PageRow[] = [
  ...logs,
  ...opened,
  { name: "sign-in", address: "/sign-in", calls: 3, signedIn: false },
  { name: "setup", address: "/setup", calls: 2, signedIn: false },
  { name: "model-apis", address: "/model-apis", calls: 6 },
  { name: "model-apis-filtered", address: "/model-apis?q=chat", calls: 6 },
  { name: "model-api-new", address: "/model-apis/new", calls: 8 },
  { name: "model-api-new-chosen", address: "/model-apis/new?useCase=text-generation", calls: 9 },
  { name: "model-api-clone", address: "/model-apis/new?from=chat", calls: 10 },
  ...["way", "routes", "service", "policies", "access", "history", "yaml"].map((tab) => ({
    name: `model-api-${tab}`,
    address: `/model-apis/chat/${tab}`,
    calls: 9,
  })),
  { name: "model-api-smart-service", address: "/model-apis/smart/service", calls: 9 },
  { name: "model-api-smart-edit", address: "/model-apis/smart/edit", calls: 12 },
  { name: "model-api-routing", address: "/model-apis/smart/routing", calls: 10 },
  {
    name: "model-api-routing-import",
    address: "/model-apis/smart/routing",
    calls: 10,
    open: press(/^(?:Import labels|导入标签)$/u),
  },
  { name: "model-api-routing-other-mode", address: "/model-apis/chat/routing", calls: 9 },
  ...[
    "ipAccess",
    "auth",
    "transform",
    "shaping",
    "rateLimits",
    "moderation",
    "cache",
    "cors",
    "translation",
  ].map((card) => ({
    name: `policy-${card}`,
    address: `/model-apis/guarded/policies?card=${card}`,
    calls: 12,
  })),
  { name: "policies", address: "/policies", calls: 6 },
  {
    name: "policies-filtered",
    address: '/policies?policy=rateLimits&state=["on","dryRun"]',
    calls: 6,
  },
  { name: "policy-new", address: "/model-apis/new?useCase=text-generation&card=moderation", calls: 9 },
  { name: "debug", address: "/model-apis/chat/debug", calls: 8 },
  { name: "debug-pictures", address: "/model-apis/pictures/debug", calls: 8 },
  { name: "debug-vectors", address: "/model-apis/vectors/debug", calls: 8 },
  { name: "services", address: "/services", calls: 6 },
  { name: "services-filtered", address: "/services?q=qwen", calls: 6 },
  { name: "service-new", address: "/services/new", calls: 5 },
  { name: "service-new-chosen", address: "/services/new?provider=openai", calls: 6 },
  { name: "service-new-access-key", address: "/services/new?provider=bedrock", calls: 6 },
  { name: "service-new-account", address: "/services/new?provider=vertex", calls: 6 },
  { name: "service", address: "/services/claude", calls: 8 },
  { name: "resource-groups", address: "/resource-groups", calls: 9 },
  { name: "resource-groups-add", address: "/resource-groups?add=true", calls: 9 },
  { name: "overview", address: "/overview", calls: 8 },
  { name: "overview-group", address: "/overview?window=1h&group=research", calls: 8 },
  ...["traffic", "latency", "tokens", "routing", "protection"].map((view) => ({
    name: `metrics-${view}`,
    address: `/observe/metrics?view=${view}&range=15m`,
    calls: 7,
  })),
  { name: "metrics", address: "/observe/metrics?range=15m", calls: 7 },
  { name: "metrics-compared", address: "/observe/metrics?range=15m&compare=true&utc=true", calls: 8 },
  {
    name: "metrics-filter",
    address: '/observe/metrics?range=15m&api=["by-name"]',
    calls: 7,
    open: press(/^(?:Service|AI 服务)$/u),
  },
  { name: "alerts", address: "/observe/alerts", calls: 6 },
  {
    name: "alerts-test",
    address: "/observe/alerts",
    calls: 6,
    open: press(/More actions for errors|^errors 的更多操作/u, /^(?:Send a test of|发送 errors 的测试)/u),
  },
  { name: "alert", address: "/observe/alerts/errors", calls: 6 },
  { name: "alert-new", address: "/observe/alerts/new", calls: 5 },
  { name: "usage", address: "/observe/usage", calls: 5 },
  { name: "usage-models", address: '/observe/usage?by=["api","model","consumer"]&range=7d', calls: 5 },
  { name: "settings-prices", address: "/settings/prices", calls: 7 },
  { name: "model-api-edit", address: "/model-apis/chat/edit", calls: 10 },
  { name: "playground-columns", address: "/playground?columns=chat,best,by-name", calls: 6 },
  { name: "playground", address: "/playground", calls: 6 },
  { name: "domains", address: "/domains", calls: 6 },
  { name: "domains-add", address: "/domains?add=true", calls: 6 },
  { name: "consumers", address: "/consumers", calls: 8 },
  {
    name: "consumers-filtered",
    address: '/consumers?status=["enabled"]&q=mobile&selected=["mobile-app"]',
    calls: 8,
  },
  { name: "consumers-add", address: "/consumers?add=true", calls: 10 },
  ...["keys", "access", "quota", "usage"].map((tab) => ({
    name: `consumer-${tab}`,
    address: `/consumers/mobile-app/${tab}`,
    calls: 7,
  })),
  { name: "consumer-issue", address: "/consumers/mobile-app/keys?issue=api-key", calls: 7 },
  { name: "consumer-issue-jwt", address: "/consumers/mobile-app/keys?issue=jwt", calls: 7 },
  {
    name: "consumer-rotate",
    address: "/consumers/mobile-app/keys",
    calls: 7,
    open: press(/^(?:Rotate|轮换) phone$/u),
  },
  {
    name: "consumer-grant",
    address: "/consumers/mobile-app/access",
    calls: 7,
    open: press(/^(?:Grant access|授予访问权限)$/u),
  },
  { name: "consumer-quota-edit", address: "/consumers/mobile-app/quota?quota=monthly", calls: 7 },
  { name: "consumer-groups", address: "/consumer-groups", calls: 8 },
  { name: "consumer-groups-add", address: "/consumer-groups?add=true", calls: 8 },
  ...["members", "access", "quota", "usage"].map((tab) => ({
    name: `consumer-group-${tab}`,
    address: `/consumer-groups/apps/${tab}`,
    calls: 8,
  })),
  { name: "settings-users", address: "/settings/users", calls: 7 },
  { name: "settings-users-add", address: "/settings/users?add=user", calls: 9 },
  { name: "settings-users-edit", address: "/settings/users?edit=admin", calls: 9 },
  {
    name: "settings-users-menu",
    address: "/settings/users?q=admin",
    calls: 7,
    open: press(/More actions for admin|^admin 的更多操作/u),
  },
  {
    name: "settings-tokens-add",
    address: "/settings/tokens",
    calls: 6,
    open: press(/^(?:Create token|创建令牌)$/u),
  },
  { name: "settings-sign-in", address: "/settings/sign-in", calls: 5 },
  { name: "settings-audit", address: "/settings/audit", calls: 5 },
  { name: "settings-audit-entry", address: "/settings/audit?entry=2", calls: 5 },
  {
    name: "settings-audit-filtered",
    address: '/settings/audit?action=["create"]&range=24h',
    calls: 5,
  },
  ...["general", "import-export", "tokens", "revisions"].map((section) => ({
    name: `settings-${section}`,
    address: `/settings/${section}`,
    calls: 5,
  })),
];
