// One row per route of the admin API: what the router, the access check and OpenAPI all read. Knows no route itself.
import type { Context } from "hono";
import type { ControlErrorCode } from "./control-error.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { HeldRole, Permission } from "../resources/held-role.ts";
import type { HeaderOf } from "./session-cookie.ts";

/** Who is asking. */
export interface Principal {
  /** For histories: `token:ci`, `user:ada`, `environment`, `bootstrap`. */
  readonly name: string;
  readonly roles: readonly HeldRole[];
}

/** `open`: nobody is asked. `metrics`: the metrics token or anyone who may read. `session`: whoever is signed in. */
export type Access = Permission | "open" | "metrics" | "session";

/** What a handler gets of a request that passed the access check. */
export interface Call {
  readonly context: Context;
  readonly principal: Principal;
  readonly requestId: string;
  /** Of the client's side of the connection; empty where there is none. */
  readonly remoteAddress: string;
  /** A header by its name in small letters. */
  readonly header: HeaderOf;
  /** A path parameter, decoded. */
  param(name: string): string;
  /** Query parameters; a repeated one is refused before the handler runs, unless the operation takes lists. */
  readonly query: ReadonlyMap<string, string>;
  /** The same with all that was given for each; of operations that take lists. */
  readonly queryLists: ReadonlyMap<string, readonly string[]>;
  /** The body as text, within the limit of the operation. */
  text(): Promise<string>;
  /** The body as one JSON object. */
  json(): Promise<JsonObject>;
  /** Whether who asked would still be let in: sessions and tokens end while a long answer runs. */
  readonly stillAllowed: () => boolean;
  /** Aborted when the client leaves before it has the whole answer. */
  readonly left: AbortSignal;
  /** Ends the connection without a proper end: the answer is then seen to be incomplete. Undefined where there is none. */
  readonly cut: (() => void) | undefined;
}

/** A JSON Schema, as OpenAPI 3.1 takes it. */
export type JsonSchema = JsonObject;

export interface Parameter {
  readonly name: string;
  readonly in: "query" | "header";
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface Content {
  readonly description: string;
  /** Media types of the body; none = no body. */
  readonly mediaTypes?: readonly string[];
  readonly schema?: JsonSchema;
}

export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** In OpenAPI's form: `/api/v1/services/{name}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /**
   * `groups`: roles for single resource groups are enough, as the handler keeps within them. Absent: the permission must be
   * held everywhere.
   */
  readonly reach?: "groups";
  readonly parameters?: readonly Parameter[];
  /** True: query parameters beyond the listed ones reach the handler, which judges them. */
  readonly freeQuery?: boolean;
  /** True: a query parameter may be repeated, and the handler judges every one of them. */
  readonly listQuery?: boolean;
  readonly request?: Content;
  /** The good answer. */
  readonly status: 200 | 201 | 204 | 302;
  readonly response: Content;
  /** Answers with other statuses that are not errors in our shape. */
  readonly otherResponses?: Readonly<Record<number, Content>>;
  /** Codes of its own; those that every operation can answer are added for it. */
  readonly errors: readonly ControlErrorCode[];
  readonly maxBodyBytes?: number;
  handle(call: Call): Promise<Response> | Response;
}

export const ordinaryMaxBodyBytes = 1024 * 1024;
export const configurationMaxBodyBytes = 64 * 1024 * 1024;
