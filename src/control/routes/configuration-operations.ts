// The configuration as a whole: plan, apply, export, revisions. Knows documents through a port only.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { applyDocument, exportDocument } from "../documents.ts";
import type { DocumentInput } from "../documents.ts";
import { guardDocument, guardPasswords } from "../grants.ts";
import { configurationMaxBodyBytes } from "../operation.ts";
import type { Call, JsonSchema, Operation, Parameter } from "../operation.ts";
import type { DocumentPort } from "./ports.ts";

const json = ["application/json"];
const documentTypes = ["application/yaml", "application/json"];

export const changesSchema: JsonSchema = {
  type: "object",
  required: ["changes", "warnings"],
  properties: {
    changes: {
      type: "array",
      items: {
        type: "object",
        required: ["action", "kind", "name"],
        properties: {
          action: { enum: ["create", "update", "delete"] },
          kind: { type: "string" },
          name: { type: "string" },
        },
      },
    },
    warnings: { type: "array", items: { type: "string" } },
  },
};

const prune: Parameter = {
  name: "prune",
  in: "query",
  description: "`true`: delete what the document leaves out, in kinds for which it has a list.",
  schema: { type: "string", enum: ["true", "false"], default: "false" },
};

const writeErrors = ["conflict", "in_use", "managed_by_file", "immutable_field", "secret_missing"] as const;

export function configurationOperations(configuration: Configuration, documents: DocumentPort): Operation[] {
  return [
    documentOperation(configuration, documents, "plan"),
    documentOperation(configuration, documents, "apply"),
    exportOperation(configuration, documents),
  ];
}

function documentOperation(
  configuration: Configuration,
  documents: DocumentPort,
  action: "plan" | "apply",
): Operation {
  const dryRun = action === "plan";
  return {
    method: "post",
    path: `/api/v1/config/${action}`,
    id: `${action}Configuration`,
    summary: dryRun
      ? "Say what an apply would change."
      : "Create and update all objects of a document, or none.",
    tag: "config",
    access: "configure",
    parameters: [prune],
    request: {
      description: "A configuration document.",
      mediaTypes: documentTypes,
      schema: { type: "object" },
    },
    status: 200,
    response: {
      description: dryRun ? "What would change." : "What changed.",
      mediaTypes: json,
      schema: changesSchema,
    },
    errors: dryRun ? writeErrors : [...writeErrors, "store_unavailable"],
    maxBodyBytes: configurationMaxBodyBytes,
    handle: async (call) => {
      const { principal } = call;
      const guards = { guard: guardDocument(principal), guardEdits: guardPasswords(principal) };
      const options = { by: principal.name, prune: readPrune(call), dryRun, ...guards };
      return jsonAnswer(await applyDocument(configuration, await readDocument(call, documents), options));
    },
  };
}

function readPrune({ query }: Call): boolean {
  const text = query.get("prune") ?? "false";
  if (text === "" || text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw new ControlError("invalid", "prune must be true or false.");
}

/** JSON by content type, anything else as YAML, of which JSON is a part. */
async function readDocument(call: Call, documents: DocumentPort): Promise<DocumentInput> {
  const mediaType = call.context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const format = /^application\/(?:[\w.+-]+\+)?json$/u.test(mediaType) ? "json" : "yaml";
  const read = await documents.read(await call.text(), format);
  if ("issues" in read) {
    const lines = read.issues.map((issue) => ({
      path: `line ${issue.line}, column ${issue.column}`,
      message: issue.message,
    }));
    throw new ControlError(
      "invalid",
      `The document cannot be read: ${lines[0]?.path} ${lines[0]?.message}.`,
      lines,
    );
  }
  const { value, issues } = await documents.resolve(read.value);
  const first = issues[0];
  if (first !== undefined) throw new ControlError("invalid", `${first.path}: ${first.message}.`, issues);
  return { source: read.value, resolved: value };
}

function exportOperation(configuration: Configuration, documents: DocumentPort): Operation {
  return {
    method: "get",
    path: "/api/v1/config/export",
    id: "exportConfiguration",
    summary: "The whole configuration as a document: references verbatim, other secrets masked, no tokens.",
    tag: "config",
    access: "configure",
    status: 200,
    response: {
      description: "YAML, or JSON where `Accept` asks for it.",
      mediaTypes: documentTypes,
      schema: { type: "object" },
    },
    errors: [],
    handle: ({ context }) => {
      const document = exportDocument(configuration);
      const accept = context.req.header("accept")?.toLowerCase() ?? "";
      if (accept.includes("application/json") && !accept.includes("yaml")) return jsonAnswer(document);
      return new Response(documents.toYaml(document), {
        headers: { "content-type": "application/yaml; charset=utf-8" },
      });
    },
  };
}
