// Signing in, the first owner, and one's own password. Knows the cookie, and no password's form.
import { z } from "zod";
import { nameField, strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { roles } from "../../resources/user.ts";
import type { Role } from "../../resources/user.ts";
import { strongestRole } from "../../resources/held-role.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { Call, JsonSchema, Operation } from "../operation.ts";
import { isHttpsPage, isSameOrigin, sessionIdOf, setCookie } from "../session-cookie.ts";
import type { SessionOrigin } from "../sessions.ts";
import type { SetUp } from "../set-up.ts";
import type { OpenedSession, SignedIn } from "../signed-in.ts";
import type { SignIn } from "../sign-in.ts";

const json = ["application/json"];
const tag = "session";
const path = "/api/v1/session";
const setUpPath = "/api/v1/setup";

/** Longer than any password that can be set, and no work to hash. */
const passwordText = z.string().max(1024);

/** Anybody may send one of these: a name, two passwords and a token fit with room to spare. */
const maxBodyBytes = 16 * 1024;

const credentials = strict({
  username: z.string().max(256).describe("Name of the user."),
  password: passwordText.describe("Password of the user."),
});
const setUpRequest = strict({
  token: z.string().max(256).describe("From the set-up link that the start prints."),
  username: nameField.default("admin").describe("Name of the owner."),
  password: passwordText.describe("10 to 256 characters."),
});
const passwordChange = strict({
  current: passwordText.describe("The password as it is."),
  next: passwordText.describe("The new one, 10 to 256 characters."),
});

/** The body of an answer about a session. */
export interface SessionView {
  /** Goes into header `x-csrf-token` of every change. */
  readonly csrfToken: string;
  readonly user: {
    readonly name: string;
    /** The strongest that is held anywhere. */
    readonly role: Role;
    readonly roles: readonly { readonly role: Role; readonly resourceGroups?: readonly string[] }[];
  };
}

const sessionSchema: JsonSchema = {
  type: "object",
  required: ["csrfToken", "user"],
  properties: {
    csrfToken: { type: "string", description: "Goes into header `x-csrf-token` of every change." },
    user: {
      type: "object",
      required: ["name", "role", "roles"],
      properties: {
        name: { type: "string" },
        role: { enum: roles, description: "The strongest that is held anywhere." },
        roles: {
          type: "array",
          description: "All that is held; without `resourceGroups` everywhere.",
          items: {
            type: "object",
            required: ["role"],
            properties: {
              role: { enum: roles },
              resourceGroups: { type: "array", items: { type: "string" } },
            },
          },
        },
      },
    },
  },
};

export function sessionOperations(signIn: SignIn, setUp: SetUp): Operation[] {
  return [
    openOperation(signIn),
    readOperation(signIn),
    closeOperation(signIn),
    passwordOperation(signIn),
    readSetUpOperation(setUp),
    setUpOperation(setUp),
  ];
}

function openOperation(signIn: SignIn): Operation {
  return {
    method: "post",
    path,
    id: "openSession",
    summary: "Sign in with name and password; the answer sets the cookie of the session.",
    tag,
    access: "open",
    request: { description: "Name and password.", mediaTypes: json, schema: inputSchema(credentials) },
    status: 201,
    response: { description: "Signed in.", mediaTypes: json, schema: sessionSchema },
    errors: ["unauthorized", "forbidden", "csrf_refused", "too_many_tries"],
    maxBodyBytes,
    handle: async (call) => {
      refuseOtherOrigins(call);
      const { username, password } = parse(credentials, await call.json());
      return openedAnswer(call, await signIn.open(username, password, originOf(call)));
    },
  };
}

function readOperation(signIn: SignIn): Operation {
  return {
    method: "get",
    path,
    id: "readSession",
    summary: "Who is signed in with this cookie.",
    tag,
    access: "session",
    status: 200,
    response: { description: "The session.", mediaTypes: json, schema: sessionSchema },
    errors: [],
    handle: (call) => {
      const signedIn = signIn.users.find(sessionIdOf(call.header) ?? "");
      if (signedIn === undefined) throw new ControlError("unauthorized");
      return jsonAnswer(viewOf(signedIn));
    },
  };
}

function closeOperation(signIn: SignIn): Operation {
  return {
    method: "delete",
    path,
    id: "closeSession",
    summary: "Sign out.",
    tag,
    access: "session",
    status: 204,
    response: { description: "Signed out." },
    errors: [],
    handle: async (call) => {
      await signIn.users.close(sessionIdOf(call.header) ?? "");
      return new Response(null, { status: 204, headers: { "set-cookie": cookieFor(call, null, 0) } });
    },
  };
}

function passwordOperation(signIn: SignIn): Operation {
  return {
    method: "post",
    path: `${path}/password`,
    id: "changeOwnPassword",
    summary: "Change one's own password; one's other sessions end.",
    tag,
    access: "session",
    request: { description: "Both passwords.", mediaTypes: json, schema: inputSchema(passwordChange) },
    status: 204,
    response: { description: "Changed." },
    errors: ["managed_by_file", "too_many_tries", "store_unavailable"],
    maxBodyBytes,
    handle: async (call) => {
      const change = { ...parse(passwordChange, await call.json()), origin: originOf(call) };
      await signIn.changePassword(sessionIdOf(call.header) ?? "", change);
      return new Response(null, { status: 204 });
    },
  };
}

function readSetUpOperation(setUp: SetUp): Operation {
  return {
    method: "get",
    path: setUpPath,
    id: "readSetUp",
    summary: "Whether the set-up link can make the first owner.",
    tag,
    access: "open",
    status: 200,
    response: {
      description: "Whether no user exists, or has existed since the start, who can sign in as owner.",
      mediaTypes: json,
      schema: { type: "object", required: ["needed"], properties: { needed: { type: "boolean" } } },
    },
    errors: [],
    handle: () => jsonAnswer({ needed: setUp.needed() }),
  };
}

function setUpOperation(setUp: SetUp): Operation {
  return {
    method: "post",
    path: setUpPath,
    id: "runSetUp",
    summary: "Create the first owner with the token of the set-up link, and sign in as him.",
    tag,
    access: "open",
    request: {
      description: "Token, name and password.",
      mediaTypes: json,
      schema: inputSchema(setUpRequest),
    },
    status: 201,
    response: { description: "Created and signed in.", mediaTypes: json, schema: sessionSchema },
    errors: ["forbidden", "csrf_refused", "conflict", "too_many_tries", "store_unavailable"],
    maxBodyBytes,
    handle: async (call) => {
      refuseOtherOrigins(call);
      const request = { ...parse(setUpRequest, await call.json()), origin: originOf(call) };
      return openedAnswer(call, await setUp.run(request));
    },
  };
}

/** Nobody's page signs a browser in to an account that its user does not know of. */
function refuseOtherOrigins({ header }: Call): void {
  if (!isSameOrigin(header))
    throw new ControlError("csrf_refused", "The request comes from a page of another origin.");
}

function openedAnswer(call: Call, { id, signedIn, maxAgeMs }: OpenedSession): Response {
  return jsonAnswer(viewOf(signedIn), 201, { "set-cookie": cookieFor(call, id, maxAgeMs) });
}

/** Where a request comes from, as far as its sender tells. */
export function originOf({ header, remoteAddress }: Call): SessionOrigin {
  return { address: remoteAddress, agent: header("user-agent") ?? "" };
}

function viewOf({ name, roles: held, csrfToken }: SignedIn): SessionView {
  const rows = held.map(({ role, resourceGroups }) =>
    resourceGroups === null ? { role } : { role, resourceGroups },
  );
  return { csrfToken, user: { name, role: strongestRole(held) ?? "viewer", roles: rows } };
}

function cookieFor({ header, context }: Call, id: string | null, maxAgeMs: number): string {
  const isSecure = context.req.url.startsWith("https:") || isHttpsPage(header);
  return setCookie(id, { isSecure, maxAgeMs });
}

function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: JsonObject): z.output<Schema> {
  const result = schema.safeParse(body, { error: readableMessage });
  if (result.success) return result.data;
  const issues = readableIssues(result.error);
  const message = issues.map((issue) => `${issue.path} ${issue.message}`).join("; ");
  throw new ControlError("invalid", message, issues);
}
