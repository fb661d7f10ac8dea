// The collections: list, create, read, replace, patch and delete of every kind, from one factory. Knows no kind's fields.
import { kindTable } from "../../resources/kinds.ts";
import type { Kind, KindRow } from "../../resources/kinds.ts";
import { filters } from "../../resources/registry.ts";
import type { AnyParsedResource } from "../../resources/resource-set.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { guardGrants } from "../grants.ts";
import { guardSignIn } from "../sign-in-grants.ts";
import { createListing, listPage, listingParameters } from "../listing.ts";
import type { ObjectRequest, WrittenObject } from "../objects.ts";
import {
  createObject,
  deleteObject,
  findObject,
  patchObject,
  replaceObject,
  viewObject,
} from "../objects.ts";
import type { Call, Operation, Parameter } from "../operation.ts";
import type { JsonObject } from "../merge-patch.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { permissionToChange, permissionToSee, sphereTable } from "../spheres.ts";
import { tokenFacts } from "../token-facts.ts";
import type { TokenFactPorts } from "../token-facts.ts";
import { userFacts } from "../user-facts.ts";
import type { UserFactPorts } from "../user-facts.ts";
import { pageOf, schemaNames, schemaReference } from "./resource-schemas.ts";

interface Collection {
  readonly kind: Kind;
  readonly label: string;
  readonly path: string;
  readonly idPart: string;
  readonly toRead: Pick<Operation, "access" | "reach">;
  readonly toWrite: Pick<Operation, "access" | "reach">;
}

/** What is told of objects beside their fields. */
type FactPorts = TokenFactPorts & UserFactPorts;

const json = ["application/json"];

const ifMatch: Parameter = {
  name: "If-Match",
  in: "header",
  description: 'The revision that was read, such as `"12"`; a stale one is refused with 412.',
  schema: { type: "string" },
};

const parameterTexts: Readonly<Record<(typeof listingParameters)[number], JsonObject>> = {
  search: { type: "string", description: "Part of the name or description, in any case." },
  limit: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
  cursor: { type: "string", description: "`nextCursor` of the page before." },
};

/** All operations on collections; tokens are created elsewhere, since the answer shows them once. */
export function resourceOperations(facts: FactPorts): Operation[] {
  const { configuration } = facts;
  return kindTable.flatMap((row) => {
    const collection = toCollection(row);
    const own = [
      listOperation(facts, collection),
      ...(row.kind === "tokens" ? [] : [createOperation(configuration, collection)]),
      readOperation(facts, collection),
      replaceOperation(configuration, collection),
      patchOperation(configuration, collection),
      deleteOperation(configuration, collection),
    ];
    return own;
  });
}

async function viewWithFacts(facts: FactPorts, resource: AnyParsedResource): Promise<JsonObject> {
  return {
    ...viewObject(facts.configuration, resource),
    ...(await tokenFacts(facts, resource)),
    ...userFacts(facts, resource),
  };
}

function toCollection(row: KindRow & { readonly kind: Kind }): Collection {
  return {
    kind: row.kind,
    label: row.label,
    path: `/api/v1/${row.kind}`,
    idPart: schemaNames(row.kind).output,
    toRead: { access: permissionToSee(row.kind), reach: "groups" },
    toWrite: {
      access: permissionToChange(row.kind),
      ...(sphereTable[row.kind].changed === "own" ? { reach: "groups" } : {}),
    },
  };
}

function listOperation(facts: FactPorts, { kind, label, path, idPart, toRead }: Collection): Operation {
  const fields = Object.keys(filters[kind]);
  const listing = createListing();
  return {
    method: "get",
    path,
    id: `list${idPart}s`,
    summary: `List every ${label}, by name.`,
    tag: kind,
    ...toRead,
    parameters: [
      ...listingParameters.map((name): Parameter => describeParameter(name, parameterTexts[name])),
      ...fields.map((name): Parameter =>
        describeParameter(name, { type: "string", description: "Only those with this value." }),
      ),
    ],
    freeQuery: true,
    status: 200,
    response: {
      description: "One page.",
      mediaTypes: json,
      schema: pageOf(schemaReference(schemaNames(kind).output)),
    },
    errors: [],
    handle: async ({ query, principal }) => {
      const { resources } = configurationFor(facts.configuration, principal).working;
      const items: ReadonlyMap<string, AnyParsedResource> = resources[kind];
      const sorted = listing(items);
      const page = listPage(
        sorted,
        query,
        (resource, field) => filterValues(kind, field, resource.value),
        fields,
      );
      return jsonAnswer({
        ...page,
        items: await Promise.all(page.items.map((resource) => viewWithFacts(facts, resource))),
      });
    },
  };
}

/** The filter table is typed by kind; a value always is of the kind whose row is asked. */
function filterValues(kind: Kind, field: string, value: unknown): readonly string[] {
  const row = filters[kind] as Readonly<Record<string, (value: unknown) => readonly string[]>>;
  return row[field]?.(value) ?? [];
}

function describeParameter(name: string, { description = "", ...schema }: JsonObject): Parameter {
  return { name, in: "query", description: String(description), schema };
}

function createOperation(
  configuration: Configuration,
  { kind, label, path, idPart, toWrite }: Collection,
): Operation {
  const { input, output } = schemaNames(kind);
  return {
    method: "post",
    path,
    id: `create${idPart}`,
    summary: `Create a ${label}.`,
    tag: kind,
    ...toWrite,
    request: { description: `The ${label}.`, mediaTypes: json, schema: schemaReference(input) },
    status: 201,
    response: { description: "Created.", mediaTypes: json, schema: schemaReference(output) },
    errors: ["conflict", "secret_missing", "store_unavailable"],
    handle: async (call) => {
      const body = await call.json();
      const { name: _none, ...request } = requestOf(call, kind, "", body);
      return writtenAnswer(
        await createObject(configurationFor(configuration, call.principal), request, body),
        201,
        path,
      );
    },
  };
}

function readOperation(facts: FactPorts, { kind, label, path, idPart, toRead }: Collection): Operation {
  return {
    method: "get",
    path: `${path}/{name}`,
    id: `read${idPart}`,
    summary: `Read a ${label}.`,
    tag: kind,
    ...toRead,
    status: 200,
    response: {
      description: `The ${label}.`,
      mediaTypes: json,
      schema: schemaReference(schemaNames(kind).output),
    },
    errors: ["not_found"],
    handle: async ({ param, principal }) => {
      const { working } = configurationFor(facts.configuration, principal);
      const resource = findObject(working, kind, param("name"));
      return jsonAnswer(await viewWithFacts(facts, resource), 200, { etag: `"${resource.revision}"` });
    },
  };
}

const writeErrors = [
  "not_found",
  "conflict",
  "managed_by_file",
  "stale_revision",
  "immutable_field",
  "secret_missing",
  "store_unavailable",
] as const;

function replaceOperation(
  configuration: Configuration,
  { kind, label, path, idPart, toWrite }: Collection,
): Operation {
  const { input, output } = schemaNames(kind);
  return {
    method: "put",
    path: `${path}/{name}`,
    id: `replace${idPart}`,
    summary: `Replace a ${label} as a whole.`,
    tag: kind,
    ...toWrite,
    parameters: [ifMatch],
    request: {
      description: `The ${label}; its name may be left out.`,
      mediaTypes: json,
      schema: schemaReference(input),
    },
    status: 200,
    response: { description: "Replaced.", mediaTypes: json, schema: schemaReference(output) },
    errors: writeErrors,
    handle: async (call) => {
      const body = await call.json();
      return writtenAnswer(
        await replaceObject(
          configurationFor(configuration, call.principal),
          requestOf(call, kind, call.param("name"), body),
          body,
        ),
        200,
      );
    },
  };
}

function patchOperation(
  configuration: Configuration,
  { kind, label, path, idPart, toWrite }: Collection,
): Operation {
  return {
    method: "patch",
    path: `${path}/{name}`,
    id: `patch${idPart}`,
    summary: `Change fields of a ${label} by a JSON merge patch (RFC 7396).`,
    tag: kind,
    ...toWrite,
    parameters: [ifMatch],
    request: {
      description: "Fields to change; null resets a field or clears a secret.",
      mediaTypes: ["application/merge-patch+json", "application/json"],
      schema: { type: "object" },
    },
    status: 200,
    response: {
      description: "Changed.",
      mediaTypes: json,
      schema: schemaReference(schemaNames(kind).output),
    },
    errors: writeErrors,
    handle: async (call) => {
      const body = await call.json();
      return writtenAnswer(
        await patchObject(
          configurationFor(configuration, call.principal),
          requestOf(call, kind, call.param("name"), body),
          body,
        ),
        200,
      );
    },
  };
}

function deleteOperation(
  configuration: Configuration,
  { kind, label, path, idPart, toWrite }: Collection,
): Operation {
  return {
    method: "delete",
    path: `${path}/{name}`,
    id: `delete${idPart}`,
    summary: `Delete a ${label}.`,
    tag: kind,
    ...toWrite,
    parameters: [ifMatch],
    status: 204,
    response: { description: "Deleted." },
    errors: ["not_found", "conflict", "in_use", "managed_by_file", "stale_revision", "store_unavailable"],
    handle: async (call) => {
      const request = requestOf(call, kind, call.param("name"), {});
      await deleteObject(configurationFor(configuration, call.principal), request);
      return new Response(null, { status: 204 });
    },
  };
}

function requestOf(call: Call, kind: Kind, name: string, body: JsonObject): ObjectRequest {
  const grants = guardGrants(call.principal, kind, name, body);
  return {
    kind,
    name,
    by: call.principal.name,
    revision: readIfMatch(call.context.req.header("if-match")),
    guard: (working) => {
      // What is not there for him is not there, whatever he would have given it.
      if (name !== "") findObject(working, kind, name);
      grants?.(working);
    },
    guardCandidate: guardSignIn(call.principal),
  };
}

function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const digits = /^"(\d{1,15})"$/u.exec(header.trim())?.[1];
  if (digits === undefined)
    throw new ControlError("invalid", 'If-Match must be a revision in quotes, such as "12".');
  return Number(digits);
}

function writtenAnswer(
  { view, revision, warnings }: WrittenObject,
  status: 200 | 201,
  collectionPath?: string,
): Response {
  const location =
    collectionPath === undefined
      ? {}
      : { location: `${collectionPath}/${encodeURIComponent(String(view["name"]))}` };
  const body = warnings.length === 0 ? view : { ...view, warnings };
  return jsonAnswer(body, status, { etag: `"${revision}"`, ...location });
}
