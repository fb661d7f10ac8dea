// Who may call each operation of the admin API, and what of resource groups: written out a second time, apart from the
// code, with a request for each. Tests only.
import { routingRows } from "./authorisation-routing.ts";
import type { Role } from "../../src/resources/user.ts";

/** Which of two worlds a request is about: objects of resource group `a`, or of the other one. */
export type World = "a" | "secret";

export type Needed = "read" | "write" | "content" | "audit" | "configure" | "manage-access";

/**
 * How a role in one resource group stands to it.
 * - `gateway`: not at all, it is about the whole gateway
 * - `object`: to its own objects; any other is absent
 * - `creation`: it makes or tries objects in its own group alone
 * - `narrowed`: it is answered, from its own group alone
 * - `hidden`: it finds nothing
 */
export type Sphere = "gateway" | "object" | "creation" | "narrowed" | "hidden";

export interface AuthorisationRow {
  readonly needs: Needed | "nothing" | "session" | "metrics";
  readonly sphere: Sphere;
  /** Below `/api/v1/`, or from the root with a slash before it. */
  readonly path: (world: World) => string;
  /** A name that begins with `made-` gets a number, so that none is taken. */
  readonly body?: (world: World) => object;
  /** What a 404 says to who has found the object, of something in it that there is none of. */
  readonly found?: string;
}

export const allowed: Readonly<Record<Role, readonly Needed[]>> = {
  owner: ["read", "write", "content", "audit", "configure", "manage-access"],
  admin: ["read", "write", "content", "audit", "configure", "manage-access"],
  editor: ["read", "write", "content"],
  viewer: ["read"],
  auditor: ["read", "content", "audit"],
};

const groupOf = (world: World): string => (world === "a" ? "a" : "secret-b");

interface Kind {
  readonly id: string;
  readonly path: string;
  readonly seen: "object" | "narrowed" | "hidden";
  readonly changed: "object" | "gateway";
  readonly name: (world: World) => string;
  readonly body: (world: World) => object;
  readonly needs?: Needed;
}

const ofGateway = { seen: "narrowed", changed: "gateway" } as const;
const ofGroup = { seen: "object", changed: "object" } as const;

const collections: readonly Kind[] = [
  {
    id: "Instance",
    path: "instances",
    ...ofGateway,
    name: () => "default",
    body: () => ({ region: "local" }),
  },
  {
    id: "ResourceGroup",
    path: "resource-groups",
    seen: "object",
    changed: "gateway",
    name: groupOf,
    body: () => ({}),
  },
  { id: "Domain", path: "domains", ...ofGateway, name: () => "*", body: () => ({}) },
  {
    id: "Service",
    path: "services",
    ...ofGroup,
    name: (world) => `${world}-service`,
    body: (world) => ({
      provider: "openai",
      baseUrl: "http://127.0.0.1:9",
      resourceGroup: groupOf(world),
    }),
  },
  {
    id: "ModelApi",
    path: "model-apis",
    ...ofGroup,
    name: (world) => `${world}-api`,
    body: (world) => ({
      basePath: `/${world}-made`,
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: `${world}-service` } },
      resourceGroup: groupOf(world),
    }),
  },
  { id: "ConsumerGroup", path: "consumer-groups", ...ofGateway, name: () => "open-group", body: () => ({}) },
  {
    id: "Consumer",
    path: "consumers",
    ...ofGroup,
    name: (world) => `${world}-consumer`,
    body: (world) => ({ resourceGroup: groupOf(world) }),
  },
  {
    id: "User",
    path: "users",
    ...ofGroup,
    needs: "manage-access",
    name: (world) => `${world}-user`,
    body: (world) => ({ roles: [{ role: "viewer", resourceGroups: [groupOf(world)] }] }),
  },
  {
    id: "Token",
    path: "tokens",
    ...ofGroup,
    needs: "manage-access",
    name: (world) => `${world}-token`,
    body: (world) => ({ role: "viewer", resourceGroups: [groupOf(world)] }),
  },
  {
    id: "Sink",
    path: "sinks",
    seen: "hidden",
    changed: "gateway",
    name: () => "secret-sink",
    body: () => ({ type: "file", path: "secret-sink.jsonl" }),
  },
  {
    id: "Alert",
    path: "alerts",
    ...ofGroup,
    name: (world) => `${world}-alert`,
    body: (world) => ({ metric: "requests", filter: { api: `${world}-api` }, op: ">", threshold: 1 }),
  },
];

function rowsOf(kind: Kind): [string, AuthorisationRow][] {
  const { id, path, seen, changed, name, body } = kind;
  const read = { needs: kind.needs ?? "read", sphere: seen } as const;
  const write = { needs: kind.needs ?? "write", sphere: changed } as const;
  const one = (world: World): string => `${path}/${encodeURIComponent(name(world))}`;
  return [
    [`list${id}s`, { ...read, sphere: "narrowed", path: () => path }],
    [`read${id}`, { ...read, path: one }],
    [
      `create${id}`,
      {
        needs: write.needs,
        sphere: changed === "object" ? "creation" : "gateway",
        path: () => path,
        // There is one instance, and it is there already.
        body: (world) => ({
          ...body(world),
          name: id === "Instance" ? "default" : `made-${changed === "object" ? world : "for-all"}`,
        }),
      },
    ],
    [`replace${id}`, { ...write, path: one, body }],
    [`patch${id}`, { ...write, path: one, body: () => ({}) }],
    [`delete${id}`, { ...write, path: one }],
  ];
}

const read = { needs: "read" } as const;
const write = { needs: "write" } as const;
const narrowed = { needs: "read", sphere: "narrowed" } as const;
const gateway = { sphere: "gateway" } as const;
const open = { needs: "nothing", sphere: "gateway" } as const;
const ofSession = { needs: "session", sphere: "gateway" } as const;

/** By the id of the operation. */
export const authorisationTable: Readonly<Record<string, AuthorisationRow>> = {
  ...Object.fromEntries(collections.flatMap(rowsOf)),
  listServiceDependants: {
    ...read,
    sphere: "object",
    path: (world) => `services/${world}-service/dependants`,
  },
  listDomainDependants: { ...narrowed, path: () => "domains/*/dependants" },
  listResourceGroupDependants: {
    ...read,
    sphere: "object",
    path: (world) => `resource-groups/${groupOf(world)}/dependants`,
  },
  listConsumerDependants: {
    ...read,
    sphere: "object",
    path: (world) => `consumers/${world}-consumer/dependants`,
  },
  listConsumerGroupDependants: { ...narrowed, path: () => "consumer-groups/open-group/dependants" },
  listModelApiDependants: {
    ...read,
    sphere: "object",
    path: (world) => `model-apis/${world}-api/dependants`,
  },
  listCharacteristics: {
    ...narrowed,
    path: () => "routing/characteristics",
    body: () => ({ candidates: [{ service: "a-service", model: "m" }] }),
  },
  checkModelApi: {
    ...write,
    sphere: "object",
    path: (world) => `model-apis/check?name=${world}-api`,
    body: () => ({}),
  },
  createCredential: {
    ...write,
    sphere: "object",
    path: (world) => `consumers/${world}-consumer/credentials`,
    body: () => ({ name: "made" }),
  },
  deleteCredential: {
    ...write,
    sphere: "object",
    path: (world) => `consumers/${world}-consumer/credentials/stays`,
    found: "has no credential",
  },
  rotateCredential: {
    ...write,
    sphere: "object",
    path: (world) => `consumers/${world}-consumer/credentials/stays/rotate`,
    body: () => ({ overlapSeconds: 0 }),
    found: "has no credential",
  },
  listQuotas: { ...narrowed, path: () => "quotas" },
  resetQuota: {
    ...write,
    sphere: "object",
    path: (world) => `consumers/${world}-consumer/quotas/none/reset`,
    found: "has no quota",
  },
  resetGroupQuota: {
    ...write,
    sphere: "hidden",
    path: () => "consumer-groups/open-group/quotas/none/reset",
    found: "has no quota",
  },
  readConsumerGroupUsage: { ...narrowed, path: () => "consumer-groups/open-group/usage" },
  purgeCache: { ...write, sphere: "object", path: (world) => `model-apis/${world}-api/cache` },
  planConfiguration: {
    needs: "configure",
    ...gateway,
    path: () => "config/plan",
    body: () => ({ version: 1 }),
  },
  applyConfiguration: {
    needs: "configure",
    ...gateway,
    path: () => "config/apply",
    body: () => ({ version: 1 }),
  },
  exportConfiguration: { needs: "configure", ...gateway, path: () => "config/export" },
  listRevisions: { ...read, ...gateway, path: () => "revisions" },
  readRevision: { ...read, ...gateway, path: () => "revisions/1" },
  diffRevisions: { ...read, ...gateway, path: () => "revisions/1/diff" },
  readObjectAtRevision: {
    ...narrowed,
    path: () => "revisions/20/objects/services/secret-service",
  },
  rollBack: { needs: "configure", ...gateway, path: () => "revisions/999999/rollback", found: "no revision" },
  explainRequest: {
    ...read,
    sphere: "object",
    path: (world) => `model-apis/${world}-api/explain`,
    body: () => ({ path: "/x" }),
  },
  testModeration: {
    ...write,
    sphere: "object",
    path: (world) => `model-apis/${world}-api/moderation/test`,
    body: () => ({ text: "hello" }),
  },
  debugModelApi: {
    ...write,
    sphere: "object",
    path: (world) => `model-apis/${world}-api/debug`,
    body: () => ({ path: "/x" }),
  },
  ...routingRows,
  testUnsavedService: {
    ...write,
    sphere: "creation",
    path: () => "services/test",
    body: (world) => ({
      name: `${world}-service`,
      provider: "openai",
      baseUrl: "http://127.0.0.1:9",
      apiKeys: [{ name: "main", value: { set: true, hint: "…6789" } }],
    }),
  },
  testService: { ...write, sphere: "object", path: (world) => `services/${world}-service/test` },
  listDefaultRoutes: { ...narrowed, path: () => "default-routes" },
  listProviders: { ...narrowed, path: () => "providers" },
  listProviderModels: { ...narrowed, path: () => "providers/openai/models" },
  tailLogRecords: { ...narrowed, path: () => "logs/tail" },
  exportLogRecords: { ...narrowed, path: () => "logs/export" },
  readLogStore: { ...read, ...gateway, path: () => "log-store" },
  listLogRecords: { ...narrowed, path: () => "logs" },
  readLogRecord: { ...read, sphere: "object", path: (world) => `logs/${world}-exchange` },
  readTrace: {
    ...read,
    sphere: "object",
    path: (world) => `traces/${(world === "a" ? "a" : "b").repeat(32)}`,
  },
  giveFeedback: {
    ...write,
    sphere: "object",
    path: (world) => `logs/${world}-exchange/feedback`,
    body: () => ({ score: 1 }),
  },
  deleteFeedback: { ...write, sphere: "object", path: (world) => `logs/${world}-exchange/feedback` },
  queryMetrics: { ...narrowed, path: () => "metrics/query?name=requests" },
  queryMetricsPage: {
    ...narrowed,
    path: () => "metrics/query",
    body: () => ({ queries: [{ name: "requests" }] }),
  },
  listMetricNames: { ...narrowed, path: () => "metrics/names" },
  readUsage: { ...narrowed, path: () => "usage" },
  readConsumerUsage: { ...read, sphere: "object", path: (world) => `consumers/${world}-consumer/usage` },
  readTraffic: { ...narrowed, path: () => "traffic" },
  readWay: { ...read, sphere: "object", path: (world) => `traffic/${world}-api` },
  listSinkStates: { ...narrowed, path: () => "sink-states" },
  testUnsavedSink: {
    ...write,
    ...gateway,
    path: () => "sinks/test",
    body: () => ({ name: "secret-sink", type: "file", path: "secret-sink.jsonl" }),
  },
  testSink: { ...write, ...gateway, path: () => "sinks/secret-sink/test" },
  listAlertStates: { ...narrowed, path: () => "alert-states" },
  previewAlert: {
    ...narrowed,
    path: () => "alerts/preview",
    body: () => ({ metric: "requests", op: ">", threshold: 1 }),
  },
  testAlert: { ...write, sphere: "object", path: (world) => `alerts/${world}-alert/test` },
  readStatus: { ...narrowed, path: () => "status" },
  listAuditLog: { needs: "audit", sphere: "narrowed", path: () => "audit-log" },
  exportAuditLog: { needs: "audit", sphere: "narrowed", path: () => "audit-log/export" },
  verifyAuditLog: { needs: "audit", ...gateway, path: () => "audit-log/verify" },
  openSession: { ...open, path: () => "session", body: () => ({}) },
  listSignInProviders: { ...open, path: () => "session/providers" },
  startOidc: { ...open, path: () => "session/oidc/none/start" },
  finishOidc: { ...open, path: () => "session/oidc/none/callback" },
  listUserSessions: {
    needs: "manage-access",
    sphere: "object",
    path: (world) => `users/${world}-user/sessions`,
  },
  endUserSessions: {
    needs: "manage-access",
    sphere: "object",
    path: (world) => `users/${world}-user/sessions`,
  },
  endUserSession: {
    needs: "manage-access",
    sphere: "object",
    path: (world) => `users/${world}-user/sessions/none`,
    found: "no such session",
  },
  listOwnSessions: { ...ofSession, path: () => "session/sessions" },
  endOtherSessions: { ...ofSession, path: () => "session/sessions" },
  endOwnSession: { ...ofSession, path: () => "session/sessions/none" },
  testSignInProvider: { needs: "manage-access", ...gateway, path: () => "sign-in/test", body: () => ({}) },
  readSession: { ...ofSession, path: () => "session" },
  closeSession: { ...ofSession, path: () => "session" },
  changeOwnPassword: { ...ofSession, path: () => "session/password", body: () => ({}) },
  readSetUp: { ...open, path: () => "setup" },
  runSetUp: { ...open, path: () => "setup", body: () => ({}) },
  readHealth: { ...open, path: () => "/healthz" },
  readReadiness: { ...open, path: () => "/readyz" },
  readMetrics: { needs: "metrics", ...gateway, path: () => "/metrics" },
  readOpenApi: { ...open, path: () => "openapi.json" },
};
