// The configuration document: `version: 1` and a list per kind. Reads its frame only; bodies are the registry's.
// Knows no file and no YAML.
import { didYouMean } from "../lib/edit-distance.ts";
import { normaliseHostName } from "../lib/host-name.ts";
import { pathText, type Issue } from "./issue.ts";
import { kindTable, type Kind } from "./kinds.ts";

/** One resource of a document, its body unread. */
export interface DocumentResource {
  readonly kind: Kind;
  /** Domains in their one spelling. */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Where it stands: `modelApis[3]`. */
  readonly path: string;
}

export interface ConfigurationDocument {
  readonly resources: readonly DocumentResource[];
  /** Kinds for which the document has a list, possibly empty: what a pruning apply may delete from. */
  readonly listedKinds: readonly Kind[];
  /** The author's consent to delete more than half of the objects, or everything. */
  readonly allowDelete: boolean;
  readonly issues: readonly Issue[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The instance is one object, every other kind a list. */
const single: ReadonlySet<Kind> = new Set(["instances"]);
const documentKinds = kindTable.filter((row) => row.documentPath.length > 0);
const topFields: readonly string[] = [
  "version",
  "allowDelete",
  ...new Set(documentKinds.map((row) => String(row.documentPath[0]))),
];
/** Where a document has the field `logs` of the instance: beside the sinks. */
const logsPath = ["telemetry", "logs"] as const;

/** Reads a document as YAML or JSON gave it. Never throws for a bad one: everything wrong is in `issues`. */
export function parseDocument(document: unknown): ConfigurationDocument {
  const issues: Issue[] = [];
  const resources: DocumentResource[] = [];
  const listedKinds: Kind[] = [];
  if (!isFields(document)) {
    const message =
      document === null || document === undefined
        ? "the document is empty; to delete everything it must say version: 1 and allowDelete: true"
        : "the document must be an object with version: 1 and lists of resources";
    return { resources, listedKinds, allowDelete: false, issues: [{ path: "", message }] };
  }
  const allowDelete = document["allowDelete"] === true;
  checkHead(document, allowDelete, issues);
  checkTelemetry(document["telemetry"], issues);
  for (const { kind, documentPath } of documentKinds) {
    const list = valueAt(document, documentPath);
    if (list !== undefined && list !== null) {
      listedKinds.push(kind);
      resources.push(...readList(kind, list, documentPath.join("."), issues));
    }
  }
  addLogs(valueAt(document, logsPath), resources, issues);
  return { resources, listedKinds, allowDelete, issues };
}

function checkHead(document: Fields, allowDelete: boolean, issues: Issue[]): void {
  const version = document["version"];
  if (version === undefined && !allowDelete)
    issues.push({ path: "version", message: "is required: write version: 1" });
  if (version !== undefined && version !== 1) issues.push({ path: "version", message: "must be 1" });
  const consent = document["allowDelete"];
  if (consent !== undefined && typeof consent !== "boolean") {
    issues.push({ path: "allowDelete", message: "must be true or false" });
  }
  for (const field of Object.keys(document)) {
    if (!topFields.includes(field)) {
      issues.push({
        path: pathText([field]),
        message: `unknown field "${field}"${didYouMean(field, topFields)}`,
      });
    }
  }
}

function checkTelemetry(telemetry: unknown, issues: Issue[]): void {
  if (telemetry === undefined || telemetry === null) return;
  if (!isFields(telemetry)) {
    issues.push({ path: "telemetry", message: "must be an object with logs and sinks" });
    return;
  }
  const known = ["logs", "sinks"];
  for (const field of Object.keys(telemetry)) {
    if (!known.includes(field)) {
      const message = `unknown field "${field}"${didYouMean(field, known)}`;
      issues.push({ path: pathText(["telemetry", field]), message });
    }
  }
}

/** Puts `telemetry.logs` where it belongs: into the instance, of which a document may say nothing else. */
function addLogs(logs: unknown, resources: DocumentResource[], issues: Issue[]): void {
  if (logs === undefined || logs === null) return;
  const path = logsPath.join(".");
  if (!isFields(logs)) {
    issues.push({ path, message: "must be an object" });
    return;
  }
  const index = resources.findIndex(({ kind }) => kind === "instances");
  const instance = resources[index];
  if (instance === undefined)
    resources.unshift({ kind: "instances", name: "default", body: { logs }, path: "telemetry" });
  else if (Object.hasOwn(instance.body, "logs"))
    issues.push({ path: `${instance.path}.logs`, message: `is given twice: leave it to ${path}` });
  else resources[index] = { ...instance, body: { ...instance.body, logs } };
}

/** Where a field of a resource stands in the document. */
export function fieldPath({ kind, path }: Pick<DocumentResource, "kind" | "path">, field: string): string {
  if (field === "") return path;
  const isLogs = kind === "instances" && path === "instance" && /^logs\b/u.test(field);
  return isLogs ? `telemetry.${field}` : `${path}.${field}`;
}

function readList(kind: Kind, list: unknown, path: string, issues: Issue[]): DocumentResource[] {
  if (single.has(kind)) {
    const instance = readItem(kind, isFields(list) ? { name: "default", ...list } : list, path, issues);
    return instance === undefined ? [] : [instance];
  }
  if (!Array.isArray(list)) {
    issues.push({ path, message: "must be a list" });
    return [];
  }
  const seen = new Map<string, string>();
  const resources: DocumentResource[] = [];
  for (const [index, item] of list.entries()) {
    const resource = readItem(kind, item, `${path}[${index}]`, issues);
    if (resource === undefined) continue;
    const first = seen.get(resource.name);
    if (first === undefined) {
      seen.set(resource.name, resource.path);
      resources.push(resource);
    } else {
      issues.push({
        path: `${resource.path}.name`,
        message: `"${resource.name}" is already defined at ${first}`,
      });
    }
  }
  return resources;
}

function readItem(kind: Kind, item: unknown, path: string, issues: Issue[]): DocumentResource | undefined {
  if (!isFields(item)) {
    issues.push({ path, message: "must be an object" });
    return undefined;
  }
  const name = item["name"];
  if (typeof name === "string" && name !== "")
    return { kind, name: resourceName(kind, name), body: item, path };
  issues.push({ path: `${path}.name`, message: name === undefined ? "is required" : "must be a text" });
  return undefined;
}

/** The one spelling of a resource's name; a name that is not valid stays as it is, for the schema to refuse. */
export function resourceName(kind: Kind, name: string): string {
  if (kind !== "domains") return name;
  const result = normaliseHostName(name);
  return result.ok ? result.host : name;
}

/** A document with these resources: lists in the order of the kind table, items by name. Tokens have no place in it. */
export function toDocument(
  resources: Iterable<{ readonly kind: Kind; readonly name: string; readonly body: Fields }>,
): Record<string, unknown> {
  const byKind = Map.groupBy(resources, (resource) => resource.kind);
  const document: Record<string, unknown> = { version: 1 };
  for (const { kind, documentPath } of documentKinds) {
    const ofKind = byKind.get(kind);
    if (ofKind === undefined) continue;
    const bodies = ofKind
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map(({ name, body }) => ({ ...body, name: body["name"] ?? name }));
    if (single.has(kind)) setSingle(document, documentPath, bodies[0]);
    else setAt(document, documentPath, bodies);
  }
  return document;
}

/** The instance, with its logs beside the sinks. */
function setSingle(
  document: Record<string, unknown>,
  path: readonly string[],
  body: Fields | undefined,
): void {
  const { logs, ...rest } = body ?? {};
  setAt(document, path, rest);
  if (logs !== undefined) setAt(document, logsPath, logs);
}

function valueAt(document: Fields, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const field of path) value = isFields(value) ? value[field] : undefined;
  return value;
}

function setAt(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [field = "", ...rest] = path;
  const inner = document[field];
  if (rest.length === 0) document[field] = value;
  else setAt(isFields(inner) ? inner : (document[field] = {}), rest, value);
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
