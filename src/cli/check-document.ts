// Checks a configuration document as a gateway would before taking it. Pure but for the files that references name.
import { documentFormat, readDocumentText } from "../config/read-document.ts";
import { resolveReferences, type ReferenceOptions } from "../config/references.ts";
import { checkReferences } from "../resources/check-references.ts";
import { fieldPath, parseDocument, type ConfigurationDocument } from "../resources/document.ts";
import { kindTable } from "../resources/kinds.ts";
import { parseResource } from "../resources/registry.ts";
import { toResourceSet, type AnyParsedResource, type Diagnostic } from "../resources/resource-set.ts";
import { compile } from "../snapshot/compile.ts";
import type { Fault, SourceFile } from "../config/fault-lines.ts";

export interface DocumentCheck {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** What the document holds, such as `2 services, 1 Model API`. */
  readonly summary: string;
}

/** References that cannot be resolved are warnings, as the machine that checks need not hold the secrets. */
export async function checkDocument(file: SourceFile, options: ReferenceOptions): Promise<DocumentCheck> {
  const read = await readDocumentText(file.text, documentFormat(file.path));
  if ("issues" in read) {
    const faults = read.issues.map(({ line, column, message }) => ({
      path: `line ${line}, column ${column}`,
      message,
    }));
    return { faults, warnings: [], summary: "" };
  }
  const resolved = await resolveReferences(read.value, options);
  const document = parseDocument(resolved.value);
  const unknownValues = new Set(resolved.issues.map(({ path }) => path));
  const { faults, resources } = parseResources(document, unknownValues);
  if (faults.length > 0) return { faults, warnings: resolved.issues, summary: "" };

  const set = toResourceSet(resources);
  const diagnostics = checkReferences(set);
  // A set whose references do not hold cannot be compiled.
  if (!diagnostics.some(isError)) {
    diagnostics.push(...compile({ revision: 0, instance: "default", resources: set }).diagnostics);
  }
  return {
    faults: diagnostics.filter(isError).map(toFault),
    warnings: [...resolved.issues, ...diagnostics.filter((row) => !isError(row)).map(toFault)],
    summary: summaryOf(resources),
  };
}

function parseResources(document: ConfigurationDocument, unknownValues: ReadonlySet<string>) {
  const faults: Fault[] = [...document.issues];
  const resources: AnyParsedResource[] = [];
  for (const { kind, name, body, path } of document.resources) {
    const result = parseResource(kind, body);
    if (result.ok) {
      // The registry gives each kind its own value; TypeScript cannot follow the kind through the union.
      resources.push({
        kind,
        name,
        revision: 0,
        managedBy: "file",
        value: result.value,
      } as AnyParsedResource);
      continue;
    }
    for (const issue of result.issues) {
      const isKnown = !unknownValues.has(fieldPath({ kind, path }, issue.path));
      if (isKnown) faults.push(toFault({ kind, name, ...issue }));
    }
  }
  return { faults, resources };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function toFault({
  kind,
  name,
  path,
  message,
}: Pick<Diagnostic, "kind" | "name" | "path" | "message">): Fault {
  return { path: path === "" ? `${kind}/${name}` : `${kind}/${name}: ${path}`, message };
}

function summaryOf(resources: readonly AnyParsedResource[]): string {
  const counts = kindTable.flatMap(({ kind, label }) => {
    const count = resources.filter((resource) => resource.kind === kind).length;
    return count === 0 ? [] : [`${count} ${label}${count === 1 ? "" : "s"}`];
  });
  return counts.join(", ") || "no resources";
}
