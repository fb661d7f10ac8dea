// Puts values in the place of `${env:NAME}` and `${file:path}` in a document. Knows no schema; says where references stood.
import { pathText } from "../resources/issue.ts";
import type { Issue } from "../resources/issue.ts";
import { createReferenceFiles } from "./reference-file.ts";

export interface ReferenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths count from; null = only absolute paths. */
  readonly baseDir: string | null;
  /** Nothing in it is ever read. */
  readonly dataDir: string;
}

export interface Reference {
  /** Path of the text that holds it, as `pathText` writes it. */
  readonly path: string;
  /** The whole text as its author wrote it. */
  readonly text: string;
}

export interface ResolvedDocument {
  /** The document with values; texts with issues stay as they were. */
  readonly value: unknown;
  readonly references: readonly Reference[];
  readonly issues: readonly Issue[];
  /** Absolute path -> content hash of each file named, also of absent ones: what to watch. */
  readonly files: ReadonlyMap<string, string>;
}

/** A value, or why there is none. */
export type Resolution = { readonly value: string } | { readonly problem: string };

const opening = /\$\{(?:env|file):/u;
const pattern = /\$\{(env|file):([^}]*)\}/gu;

/** Whether a text holds a reference, also one that is not closed. */
export function hasReference(text: string): boolean {
  return opening.test(text);
}

function resolveVariable(name: string, env: ReferenceOptions["env"]): Resolution {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(name))
    return { problem: "a reference to a variable is `${env:NAME}`" };
  // Windows reads names in any case.
  if (name.toUpperCase().startsWith("MOONGATE_"))
    return { problem: `the variable ${name} may not be referred to` };
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined ? { problem: `the environment variable ${name} is not set` } : { value };
}

/** Calls `visit` for each text of a document. */
function visitTexts(
  value: unknown,
  path: readonly PropertyKey[],
  visit: (text: string, path: readonly PropertyKey[]) => void,
): void {
  if (typeof value === "string") {
    visit(value, path);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitTexts(item, [...path, index], visit);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) visitTexts(item, [...path, key], visit);
  }
}

/** A copy with each text mapped; parts without a change are the same objects. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => mapTexts(item, map));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [key, mapTexts(item, map)] as const);
  return after.some(([, item], index) => item !== before[index]?.[1]) ? Object.fromEntries(after) : value;
}

const batchSize = 32;

async function resolveAll(wanted: ReadonlySet<string>, resolve: (reference: string) => Promise<Resolution>) {
  const resolutions = new Map<string, Resolution>();
  const list = [...wanted];
  // In batches: a large document may name more files than may be open at once.
  for (let start = 0; start < list.length; start += batchSize) {
    const batch = list.slice(start, start + batchSize);
    const results = await Promise.all(
      batch.map(async (reference) => [reference, await resolve(reference)] as const),
    );
    for (const [reference, resolution] of results) resolutions.set(reference, resolution);
  }
  return resolutions;
}

/** Why a text cannot be resolved; undefined = it can. */
function problemOf(text: string, resolutions: ReadonlyMap<string, Resolution>): string | undefined {
  if (opening.test(text.replace(pattern, ""))) return "a reference is not closed with `}`";
  for (const [reference] of text.matchAll(pattern)) {
    const resolution = resolutions.get(reference);
    if (resolution !== undefined && "problem" in resolution) return resolution.problem;
  }
  return undefined;
}

/**
 * Resolves every reference once. Values are not looked into again: a reference inside one stays text.
 * Issues name variables and files, never values.
 */
export async function resolveReferences(
  value: unknown,
  options: ReferenceOptions,
): Promise<ResolvedDocument> {
  const references: Reference[] = [];
  const wanted = new Set<string>();
  visitTexts(value, [], (text, path) => {
    if (!hasReference(text)) return;
    references.push({ path: pathText(path), text });
    for (const [reference] of text.matchAll(pattern)) wanted.add(reference);
  });

  const files = createReferenceFiles(options);
  const resolutions = await resolveAll(wanted, async (reference) => {
    const inside = reference.slice(2, -1);
    const colon = inside.indexOf(":");
    const name = inside.slice(colon + 1);
    return inside.startsWith("env:") ? resolveVariable(name, options.env) : files.read(name);
  });

  const issues: Issue[] = [];
  const spoilt = new Set<string>();
  for (const { path, text } of references) {
    const problem = problemOf(text, resolutions);
    if (problem === undefined) continue;
    issues.push({ path, message: problem });
    spoilt.add(text);
  }
  const replaced = mapTexts(value, (text) => {
    if (!hasReference(text) || spoilt.has(text)) return text;
    return text.replace(pattern, (reference) => {
      const resolution = resolutions.get(reference);
      return resolution !== undefined && "value" in resolution ? resolution.value : reference;
    });
  });
  return { value: replaced, references, issues, files: files.seen };
}
