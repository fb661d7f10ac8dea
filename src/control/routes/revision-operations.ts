// History: revisions, what differs between them, and the way back.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { diffRevisions, findRevision, objectAt, objectRevisions, rollBack } from "../history.ts";
import { readLimit } from "../listing.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import type { Kind } from "../../resources/kinds.ts";
import { kinds } from "../../resources/resource-set.ts";
import { reachOf } from "../../resources/held-role.ts";
import { guardSignIn } from "../sign-in-grants.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { changesSchema } from "./configuration-operations.ts";
import { pageOf } from "./resource-schemas.ts";

const json = ["application/json"];

const revisionSchema: JsonSchema = {
  type: "object",
  required: ["number", "at", "by"],
  properties: {
    number: { type: "integer" },
    at: { type: "string", format: "date-time" },
    by: { type: "string", description: "Who made it: a token, the environment or a file." },
    action: {
      enum: ["create", "update", "delete"],
      description: "What it did to the object that was asked about.",
    },
    paths: {
      type: "array",
      items: { type: "string" },
      description: "Fields of that object that it changed; never their values.",
    },
  },
};

const objectSchema: JsonSchema = {
  type: "object",
  required: ["number", "at", "by", "object"],
  properties: {
    number: { type: "integer" },
    at: { type: "string", format: "date-time" },
    by: { type: "string" },
    object: {
      type: ["object", "null"],
      description: "The object as it was then, secrets masked; null when it did not exist.",
    },
  },
};

const differencesSchema: JsonSchema = {
  type: "object",
  required: ["changes"],
  properties: {
    changes: {
      type: "array",
      items: {
        type: "object",
        required: ["action", "kind", "name", "paths"],
        properties: {
          action: { enum: ["create", "update", "delete"] },
          kind: { type: "string" },
          name: { type: "string" },
          paths: {
            type: "array",
            items: { type: "string" },
            description: "Fields that differ; never their values.",
          },
        },
      },
    },
  },
};

export function revisionOperations(configuration: Configuration): Operation[] {
  return [
    listOperation(configuration),
    readOperation(configuration),
    diffOperation(configuration),
    objectOperation(configuration),
    rollbackOperation(configuration),
  ];
}

function listOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/revisions",
    id: "listRevisions",
    summary: "List revisions, newest first.",
    tag: "revisions",
    access: "read",
    reach: "groups",
    parameters: [
      {
        name: "limit",
        in: "query",
        description: "How many.",
        schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
      },
      {
        name: "cursor",
        in: "query",
        description: "`nextCursor` of the page before.",
        schema: { type: "string" },
      },
      {
        name: "kind",
        in: "query",
        description: "Only revisions that changed one object of this kind; needs `name`.",
        schema: { enum: kinds },
      },
      { name: "name", in: "query", description: "Name of that object.", schema: { type: "string" } },
    ],
    status: 200,
    response: { description: "One page.", mediaTypes: json, schema: pageOf(revisionSchema) },
    errors: ["store_unavailable"],
    handle: async ({ query, principal }) => {
      const limit = readLimit(query.get("limit"), 100, 1000);
      const cursor = query.get("cursor");
      const before =
        cursor === undefined ? undefined : readNumber(cursor, "The cursor is not one that this list gave.");
      const object = readObject(query);
      if (object === undefined && reachOf(principal.roles, "read") !== "everywhere") throw wholeHistory();
      const own = configurationFor(configuration, principal);
      const found =
        object === undefined
          ? await configuration.revisions(limit + 1, before)
          : await objectRevisions(own, object, limit + 1, before);
      const items = found.slice(0, limit);
      return jsonAnswer({ items, nextCursor: found.length > limit ? String(items.at(-1)?.number) : null });
    },
  };
}

function readOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/revisions/{number}",
    id: "readRevision",
    summary: "Read a revision with what it changed.",
    tag: "revisions",
    access: "read",
    status: 200,
    response: {
      description: "The revision.",
      mediaTypes: json,
      schema: { allOf: [revisionSchema, differencesSchema] },
    },
    errors: ["not_found", "store_unavailable"],
    handle: async ({ param }) => {
      const info = await findRevision(configuration, readRevision(param("number")));
      return jsonAnswer({
        ...info,
        changes: await diffRevisions(configuration, info.number - 1, info.number),
      });
    },
  };
}

function diffOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/revisions/{number}/diff",
    id: "diffRevisions",
    summary: "Say which objects differ between two revisions.",
    tag: "revisions",
    access: "read",
    parameters: [
      {
        name: "to",
        in: "query",
        description: "The other revision; absent = the newest.",
        schema: { type: "integer" },
      },
    ],
    status: 200,
    response: { description: "The differences.", mediaTypes: json, schema: differencesSchema },
    errors: ["not_found", "store_unavailable"],
    handle: async ({ param, query }) => {
      const from = readRevision(param("number"));
      await findRevision(configuration, from);
      const wanted = query.get("to");
      const to =
        wanted === undefined
          ? configuration.working.revision
          : readNumber(wanted, "to must be the number of a revision.");
      if (wanted !== undefined) await findRevision(configuration, to);
      return jsonAnswer({ changes: await diffRevisions(configuration, from, to) });
    },
  };
}

function objectOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/revisions/{number}/objects/{kind}/{name}",
    id: "readObjectAtRevision",
    summary: "Read an object as it was at a revision; not tokens and users.",
    tag: "revisions",
    access: "read",
    reach: "groups",
    status: 200,
    response: { description: "The object.", mediaTypes: json, schema: objectSchema },
    errors: ["not_found", "store_unavailable"],
    handle: async ({ param, principal }) => {
      const own = configurationFor(configuration, principal);
      return jsonAnswer(await objectAt(own, readRevision(param("number")), param("kind"), param("name")));
    },
  };
}

function rollbackOperation(configuration: Configuration): Operation {
  return {
    method: "post",
    path: "/api/v1/revisions/{number}/rollback",
    id: "rollBack",
    summary: "Bring all objects but tokens and users back to a revision, as a new revision.",
    tag: "revisions",
    access: "configure",
    status: 200,
    response: { description: "What changed.", mediaTypes: json, schema: changesSchema },
    errors: ["not_found", "conflict", "in_use", "managed_by_file", "store_unavailable"],
    handle: async ({ param, principal }) =>
      jsonAnswer(
        await rollBack(configuration, readRevision(param("number")), {
          by: principal.name,
          guard: guardSignIn(principal),
        }),
      ),
  };
}

function wholeHistory(): ControlError {
  const message =
    "The history as a whole is for roles that hold everywhere; name an object with kind and name.";
  return new ControlError("forbidden", message);
}

/** The object that a list of revisions is about; undefined for all. */
function readObject(query: ReadonlyMap<string, string>): { kind: Kind; name: string } | undefined {
  const name = query.get("name");
  const kindName = query.get("kind");
  if (kindName === undefined && name === undefined) return undefined;
  if (kindName === undefined || name === undefined)
    throw new ControlError("invalid", "kind and name go together: one object of one kind.");
  const kind = kinds.find((known) => known === kindName);
  if (kind === undefined) throw new ControlError("invalid", `kind must be one of ${kinds.join(", ")}.`);
  return { kind, name };
}

/** Of a path, where nothing but a number can be found. */
function readRevision(text: string): number {
  if (/^\d{1,15}$/u.test(text)) return Number(text);
  throw new ControlError("not_found", "Revisions are numbers.");
}

function readNumber(text: string, message: string): number {
  if (/^\d{1,15}$/u.test(text)) return Number(text);
  throw new ControlError("invalid", message);
}
