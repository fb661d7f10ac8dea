// The admin API as one web-standard app: takes the operations, adds access check, limits, errors and headers.
// Knows no kind of resource; must never answer a route that is not a row of `operations`.
import { isDeepStrictEqual } from "node:util";
import { Hono } from "hono";
import type { Context } from "hono";
import { didYouMean } from "../lib/edit-distance.ts";
import { createAccessCheck } from "./access.ts";
import type { AccessCheck } from "./access.ts";
import { errorAnswer, guardHeaders } from "./answer.ts";
import { createAuditedRequests, type RequestFacts } from "./audit/audited-request.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import { createConsolePages } from "./console-pages.ts";
import type { ConsolePages } from "./console-pages.ts";
import { ControlError } from "./control-error.ts";
import { createProviderCheck } from "./oidc/check-provider.ts";
import { createOidcClient } from "./oidc/oidc-client.ts";
import { createRoundTrips } from "./oidc/oidc-round-trip.ts";
import { createOidcSignIn } from "./oidc/oidc-sign-in.ts";
import { ordinaryMaxBodyBytes } from "./operation.ts";
import type { Call, Operation, Principal } from "./operation.ts";
import { parseJsonObject, readText } from "./request-body.ts";
import { adminOperations } from "./routes/admin-operations.ts";
import type { AdminApiPorts } from "./routes/ports.ts";
import type { ConnectionTools } from "./server.ts";
import { createSignIn } from "./sign-in.ts";
import { createSignedInUsers } from "./signed-in.ts";

/** A Hono app: `fetch(request)` answers a request, `request(path)` does so in tests. */
export type AdminApi = Hono<Frame>;

/** What the frame keeps of a request. */
interface Frame {
  Bindings: Partial<ConnectionTools>;
  Variables: { requestId: string };
}

/** Builds the app. @throws Error when a token given by the environment is too short */
export function createAdminApi(ports: AdminApiPorts): AdminApi {
  const { configuration, clock, sessions, signIns } = ports;
  const users = createSignedInUsers(configuration, sessions, signIns);
  const signIn = createSignIn(configuration, users, clock);
  const oidc = createOidcSignIn({
    configuration,
    users,
    client: createOidcClient(ports.fetchProvider, () => clock.monotonicMs()),
    trips: createRoundTrips(ports.cipher, ports.randomBytes, () => clock.wallMs()),
  });
  const check = createAccessCheck({
    findToken: (sha256) => configuration.findToken(sha256),
    tokenUsed: (sha256) => ports.tokenUses.note(sha256),
    findSession: (id) => signIn.users.find(id),
    ownerExists: () => configuration.ownerExists(),
    wallMs: () => clock.wallMs(),
    adminToken: ports.adminToken,
    metricsToken: ports.metricsToken,
    bootstrapToken: ports.bootstrapToken,
  });
  const pages = createConsolePages(ports.consoleFiles, ports.randomBytes);
  return createApp(
    adminOperations(ports, { signIn, oidc, checkProvider: createProviderCheck(ports.fetchProvider) }),
    check,
    {
      ...ports,
      pages,
      audit: configuration.audit,
    },
  );
}

/** The parts of the ports that the frame itself needs. */
interface FramePorts {
  readonly audit: AuditLog;
  readonly newRequestId: () => string;
  /** Told of failures that are nobody's input error; must not throw. */
  readonly reportFailure: (error: unknown, requestId: string) => void;
  /** Asked where no operation is. */
  readonly pages: ConsolePages;
}

/** Turns operations into an app that answers them and nothing else. */
export function createApp(operations: readonly Operation[], check: AccessCheck, ports: FramePorts): AdminApi {
  const app = new Hono<Frame>();
  app.use(async (context, next) => {
    const requestId = ports.newRequestId();
    context.set("requestId", requestId);
    await next();
    context.res.headers.set("x-request-id", requestId);
    for (const [name, value] of Object.entries(guardHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
  });
  const requests = createAuditedRequests(ports.audit, ports.reportFailure);
  for (const operation of operations) {
    app.on(operation.method, routerPath(operation.path), (context) =>
      requests.run(requestFacts(context, operation), async (known) => {
        const { method } = context.req;
        const admit = () => check({ method, header: (name) => headerOf(context, name), known }, operation);
        const principal = admit();
        return operation.handle(callOf(context, operation, admit, principal));
      }),
    );
  }
  for (const [path, methods] of methodsByPath(operations)) {
    app.all(routerPath(path), (context) => {
      const requestId = context.get("requestId");
      const allow = methods.join(", ");
      const error = new ControlError("method_not_allowed", `This address takes ${allow}.`);
      return errorAnswer(error, requestId, { allow });
    });
  }
  app.notFound((context) => {
    const page = ports.pages(context.req.raw);
    return page ?? errorAnswer(new ControlError("not_found"), context.get("requestId"));
  });
  app.onError((error, context) => {
    const requestId = context.get("requestId");
    if (error instanceof ControlError) {
      if (error.status >= 500) ports.reportFailure(error.cause ?? error, requestId);
      return errorAnswer(error, requestId);
    }
    ports.reportFailure(error, requestId);
    return errorAnswer(new ControlError("internal_error"), requestId);
  });
  return app;
}

function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/gu, ":$1");
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const rows = Map.groupBy(operations, (operation) => operation.path);
  return new Map([...rows].map(([path, group]) => [path, group.map((row) => row.method.toUpperCase())]));
}

/** Where a request carries no Host of its own, the one that it was sent to. */
function headerOf(context: Context<Frame>, name: string): string | undefined {
  const value = context.req.header(name);
  return value === undefined && name === "host" ? new URL(context.req.url).host : value;
}

/** Hono promises tools that nobody gives who asks it without a connection. */
function toolsOf(context: Context<Frame>): Partial<ConnectionTools> | undefined {
  return context.env;
}

function requestFacts(context: Context<Frame>, operation: Operation): RequestFacts {
  return {
    operation,
    requestId: context.get("requestId"),
    ip: toolsOf(context)?.remoteAddress ?? "",
    name: context.req.param("name") ?? null,
    hasToken: headerOf(context, "authorization") !== undefined,
  };
}

function callOf(
  context: Context<Frame>,
  operation: Operation,
  admit: () => Principal,
  principal: Principal,
): Call {
  const queryLists = readQuery(new URL(context.req.url), operation);
  const tools = toolsOf(context);
  const text = () => readText(context.req.raw, operation.maxBodyBytes ?? ordinaryMaxBodyBytes);
  return {
    context,
    principal,
    requestId: context.get("requestId"),
    remoteAddress: tools?.remoteAddress ?? "",
    header: (name) => headerOf(context, name),
    query: new Map([...queryLists].map(([name, values]) => [name, values.at(-1) ?? ""])),
    queryLists,
    stillAllowed: () => isAdmitted(admit, principal),
    text,
    param: (name) => context.req.param(name) ?? "",
    json: async () => parseJsonObject(await text()),
    left: context.req.raw.signal,
    cut: tools?.cut,
  };
}

/** Who may see less than when he asked is not let in as he was. */
function isAdmitted(admit: () => Principal, asked: Principal): boolean {
  try {
    return isDeepStrictEqual(admit().roles, asked.roles);
  } catch (error) {
    if (error instanceof ControlError) return false;
    throw error;
  }
}

function readQuery(url: URL, operation: Operation): ReadonlyMap<string, readonly string[]> {
  const { freeQuery = false, listQuery = false, parameters = [] } = operation;
  const known = new Set(parameters.filter((row) => row.in === "query").map((row) => row.name));
  const query = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) {
    const values = query.get(name);
    if (values !== undefined && !listQuery)
      throw new ControlError("invalid", `The query parameter "${name}" is given twice.`);
    if (!known.has(name) && !freeQuery) {
      const shown = name.slice(0, 64);
      const message = `Unknown query parameter "${shown}"${didYouMean(name, known) || "."}`;
      throw new ControlError("invalid", message, [
        { path: shown, message: "is no parameter of this address" },
      ]);
    }
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}
