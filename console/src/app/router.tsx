// Every page of the console and its address. Pages are loaded when they are opened; what stands in the address is typed here.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery, setupQuery } from "../api/session.ts";
import { readConsumerListSearch } from "../features/consumers/consumer-list-search.ts";
import { readOwnerSearch } from "../features/consumers/owner-search.ts";
import { readApiListSearch } from "../features/model-apis/api-list-search.ts";
import { readCreateSearch, readEditSearch } from "../features/model-api-form/form-search.ts";
import { readCard } from "../features/model-api-form/policies/open-card-search.ts";
import { readDebugSearch } from "../features/debug/debug-search.ts";
import { readMetricsSearch } from "../features/metrics/metrics-search.ts";
import { readPoliciesSearch } from "../features/policies/policies-search.ts";
import { readLogSearch } from "../features/logs/log-search.ts";
import { readServiceListSearch } from "../features/services/service-list-search.ts";
import { readSettingsSearch } from "../features/settings/settings-search.ts";
import { readUsageSearch } from "../features/usage/usage-search.ts";
import { readSimpleListSearch } from "./simple-list-search.ts";
import type { Crumb } from "./shell/crumbs.tsx";
import { Shell } from "./shell/shell.tsx";

interface RouterContext {
  readonly client: QueryClient;
  readonly crumbs?: readonly Crumb[];
}

/** The steps that lead to a page, for the bar over it. */
function path(...crumbs: Crumb[]): { crumbs: readonly Crumb[] } {
  return { crumbs };
}

const root = createRootRouteWithContext<RouterContext>()();

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string; error?: string } => ({
    ...(typeof search["to"] === "string" ? { to: search["to"] } : {}),
    ...(typeof search["error"] === "string" ? { error: search["error"] } : {}),
  }),
  component: lazyRouteComponent(() => import("../features/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("../features/sign-in/setup-page.tsx"), "SetupPage"),
});

/** Everything behind the sign-in. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    if (session !== null) return;
    const { needed } = await context.client.fetchQuery(setupQuery);
    if (needed) redirect({ to: "/setup", throw: true });
    redirect({ to: "/sign-in", search: { to: location.href }, throw: true });
  },
});

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  beforeLoad: () => {
    redirect({ to: "/overview", replace: true, throw: true });
  },
});

const overview = createRoute({
  getParentRoute: () => app,
  path: "/overview",
  validateSearch: (search): { window?: string; group?: string } => ({
    ...(typeof search["window"] === "string" ? { window: search["window"] } : {}),
    ...(typeof search["group"] === "string" ? { group: search["group"] } : {}),
  }),
  beforeLoad: () => path({ word: "overview" }),
  component: lazyRouteComponent(() => import("../features/overview/overview-page.tsx"), "OverviewPage"),
});

const apisCrumb: Crumb = { word: "modelApis", to: "/model-apis" };

const modelApis = createRoute({
  getParentRoute: () => app,
  path: "/model-apis",
  validateSearch: readApiListSearch,
  beforeLoad: () => path(apisCrumb),
  component: lazyRouteComponent(() => import("../features/model-apis/api-list-page.tsx"), "ApiListPage"),
});

const newModelApi = createRoute({
  getParentRoute: () => app,
  path: "/model-apis/new",
  validateSearch: readCreateSearch,
  beforeLoad: () => path(apisCrumb, { word: "create" }),
  component: lazyRouteComponent(() => import("../features/model-api-form/create-page.tsx"), "CreatePage"),
});

const editModelApi = createRoute({
  getParentRoute: () => app,
  path: "/model-apis/$name/edit",
  validateSearch: readEditSearch,
  beforeLoad: ({ params: { name } }) =>
    path(apisCrumb, { name, to: `/model-apis/${name}` }, { word: "edit" }),
  component: lazyRouteComponent(() => import("../features/model-api-form/edit-page.tsx"), "EditPage"),
});

const debugModelApi = createRoute({
  getParentRoute: () => app,
  path: "/model-apis/$name/debug",
  validateSearch: readDebugSearch,
  beforeLoad: ({ params: { name } }) =>
    path(apisCrumb, { name, to: `/model-apis/${name}` }, { word: "debug" }),
  component: lazyRouteComponent(() => import("../features/debug/debug-page.tsx"), "DebugPage"),
});

/** `$tab` is one of way, routes, service, routing, policies, access, history, yaml. */
const modelApi = createRoute({
  getParentRoute: () => app,
  path: "/model-apis/$name",
  beforeLoad: ({ params: { name } }) => path(apisCrumb, { name }),
  component: lazyRouteComponent(() => import("../features/model-apis/api-page.tsx"), "ApiPage"),
});
const modelApiTab = createRoute({
  getParentRoute: () => app,
  path: "/model-apis/$name/$tab",
  validateSearch: (search): { window?: string; from?: number; to?: number; card?: string } => ({
    ...readCard(search),
    ...(typeof search["window"] === "string" ? { window: search["window"] } : {}),
    ...(typeof search["from"] === "number" ? { from: search["from"] } : {}),
    ...(typeof search["to"] === "number" ? { to: search["to"] } : {}),
  }),
  beforeLoad: ({ params: { name } }) => path(apisCrumb, { name }),
  component: lazyRouteComponent(() => import("../features/model-apis/api-page.tsx"), "ApiPage"),
});

const servicesCrumb: Crumb = { word: "services", to: "/services" };

const services = createRoute({
  getParentRoute: () => app,
  path: "/services",
  validateSearch: readServiceListSearch,
  beforeLoad: () => path(servicesCrumb),
  component: lazyRouteComponent(
    () => import("../features/services/service-list-page.tsx"),
    "ServiceListPage",
  ),
});
const newService = createRoute({
  getParentRoute: () => app,
  path: "/services/new",
  validateSearch: (search): { provider?: string; from?: string } => ({
    ...(typeof search["provider"] === "string" ? { provider: search["provider"] } : {}),
    ...(typeof search["from"] === "string" ? { from: search["from"] } : {}),
  }),
  beforeLoad: () => path(servicesCrumb, { word: "create" }),
  component: lazyRouteComponent(() => import("../features/services/new-service-page.tsx"), "NewServicePage"),
});
const service = createRoute({
  getParentRoute: () => app,
  path: "/services/$name",
  beforeLoad: ({ params: { name } }) => path(servicesCrumb, { name }),
  component: lazyRouteComponent(() => import("../features/services/service-page.tsx"), "ServicePage"),
});

const domains = createRoute({
  getParentRoute: () => app,
  path: "/domains",
  validateSearch: readSimpleListSearch,
  beforeLoad: () => path({ word: "domains" }),
  component: lazyRouteComponent(() => import("../features/domains/domain-list-page.tsx"), "DomainListPage"),
});
const resourceGroups = createRoute({
  getParentRoute: () => app,
  path: "/resource-groups",
  validateSearch: readSimpleListSearch,
  beforeLoad: () => path({ word: "resourceGroups" }),
  component: lazyRouteComponent(
    () => import("../features/resource-groups/group-list-page.tsx"),
    "GroupListPage",
  ),
});
const consumersCrumb: Crumb = { word: "consumers", to: "/consumers" };

const consumers = createRoute({
  getParentRoute: () => app,
  path: "/consumers",
  validateSearch: readConsumerListSearch,
  beforeLoad: () => path(consumersCrumb),
  component: lazyRouteComponent(
    () => import("../features/consumers/consumer-list-page.tsx"),
    "ConsumerListPage",
  ),
});
const consumer = createRoute({
  getParentRoute: () => app,
  path: "/consumers/$name",
  validateSearch: readOwnerSearch,
  beforeLoad: ({ params: { name } }) => path(consumersCrumb, { name }),
  component: lazyRouteComponent(() => import("../features/consumers/consumer-page.tsx"), "ConsumerPage"),
});
/** `$tab` is one of keys, access, quota, usage. */
const consumerTab = createRoute({
  getParentRoute: () => app,
  path: "/consumers/$name/$tab",
  validateSearch: readOwnerSearch,
  beforeLoad: ({ params: { name } }) => path(consumersCrumb, { name }),
  component: lazyRouteComponent(() => import("../features/consumers/consumer-page.tsx"), "ConsumerPage"),
});
const consumerGroupsCrumb: Crumb = { word: "consumerGroups", to: "/consumer-groups" };

const consumerGroups = createRoute({
  getParentRoute: () => app,
  path: "/consumer-groups",
  validateSearch: readSimpleListSearch,
  beforeLoad: () => path(consumerGroupsCrumb),
  component: lazyRouteComponent(
    () => import("../features/consumer-groups/consumer-group-list-page.tsx"),
    "ConsumerGroupListPage",
  ),
});
const consumerGroup = createRoute({
  getParentRoute: () => app,
  path: "/consumer-groups/$name",
  validateSearch: readOwnerSearch,
  beforeLoad: ({ params: { name } }) => path(consumerGroupsCrumb, { name }),
  component: lazyRouteComponent(
    () => import("../features/consumer-groups/consumer-group-page.tsx"),
    "ConsumerGroupPage",
  ),
});
/** `$tab` is one of members, access, quota, usage. */
const consumerGroupTab = createRoute({
  getParentRoute: () => app,
  path: "/consumer-groups/$name/$tab",
  validateSearch: readOwnerSearch,
  beforeLoad: ({ params: { name } }) => path(consumerGroupsCrumb, { name }),
  component: lazyRouteComponent(
    () => import("../features/consumer-groups/consumer-group-page.tsx"),
    "ConsumerGroupPage",
  ),
});

const policies = createRoute({
  getParentRoute: () => app,
  path: "/policies",
  validateSearch: readPoliciesSearch,
  beforeLoad: () => path({ word: "policies" }),
  component: lazyRouteComponent(() => import("../features/policies/policies-page.tsx"), "PoliciesPage"),
});

const metrics = createRoute({
  getParentRoute: () => app,
  path: "/observe/metrics",
  validateSearch: readMetricsSearch,
  beforeLoad: () => path({ word: "metrics" }),
  component: lazyRouteComponent(() => import("../features/metrics/metrics-page.tsx"), "MetricsPage"),
});
const alertsCrumb: Crumb = { word: "alerts", to: "/observe/alerts" };

const alerts = createRoute({
  getParentRoute: () => app,
  path: "/observe/alerts",
  validateSearch: readSimpleListSearch,
  beforeLoad: () => path(alertsCrumb),
  component: lazyRouteComponent(() => import("../features/alerts/alert-list-page.tsx"), "AlertListPage"),
});
/** `new` makes one. */
const alert = createRoute({
  getParentRoute: () => app,
  path: "/observe/alerts/$name",
  beforeLoad: ({ params: { name } }) => path(alertsCrumb, name === "new" ? { word: "create" } : { name }),
  component: lazyRouteComponent(() => import("../features/alerts/alert-page.tsx"), "AlertPage"),
});

const usage = createRoute({
  getParentRoute: () => app,
  path: "/observe/usage",
  validateSearch: readUsageSearch,
  beforeLoad: () => path({ word: "usage" }),
  component: lazyRouteComponent(() => import("../features/usage/usage-page.tsx"), "UsagePage"),
});

const logsCrumb: Crumb = { word: "logs", to: "/observe/logs" };

const logs = createRoute({
  getParentRoute: () => app,
  path: "/observe/logs",
  validateSearch: readLogSearch,
  beforeLoad: () => path(logsCrumb),
  component: lazyRouteComponent(() => import("../features/logs/logs-page.tsx"), "LogsPage"),
});
const exchange = createRoute({
  getParentRoute: () => app,
  path: "/observe/logs/$requestId",
  validateSearch: (search): { tab?: string } =>
    typeof search["tab"] === "string" ? { tab: search["tab"] } : {},
  beforeLoad: ({ params: { requestId } }) => path(logsCrumb, { name: requestId }),
  component: lazyRouteComponent(() => import("../features/logs/exchange-page.tsx"), "ExchangePage"),
});

const playground = createRoute({
  getParentRoute: () => app,
  path: "/playground",
  validateSearch: (search): { columns?: string } =>
    typeof search["columns"] === "string" ? { columns: search["columns"] } : {},
  beforeLoad: () => path({ word: "playground" }),
  component: lazyRouteComponent(() => import("../features/playground/playground-page.tsx"), "PlaygroundPage"),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  beforeLoad: () => path({ word: "settings" }),
  component: lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});
/** `$section` is one of general, import-export, delivery, users, tokens, sign-in, audit, prices, revisions. */
const settingsSection = createRoute({
  getParentRoute: () => app,
  path: "/settings/$section",
  validateSearch: readSettingsSearch,
  beforeLoad: () => path({ word: "settings" }),
  component: lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

export const routeTree = root.addChildren([
  signIn,
  setup,
  app.addChildren([
    home,
    overview,
    modelApis,
    newModelApi,
    editModelApi,
    debugModelApi,
    modelApi,
    modelApiTab,
    services,
    newService,
    service,
    domains,
    resourceGroups,
    consumers,
    consumer,
    consumerTab,
    consumerGroups,
    consumerGroup,
    consumerGroupTab,
    policies,
    metrics,
    alerts,
    alert,
    usage,
    logs,
    exchange,
    playground,
    settings,
    settingsSection,
  ]),
]);
