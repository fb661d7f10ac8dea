// docs/configuration.md from the resource schemas.
import { kindTable } from "../../src/resources/kinds.ts";
import { schemas } from "../../src/resources/registry.ts";
import { unservedFields } from "../../src/resources/served.ts";
import { fieldRows, type JsonSchema } from "./field-rows.ts";
import { code, page, table } from "./markdown.ts";

export function configurationPage(): string {
  return page("Configuration reference", [
    "A configuration document is YAML or JSON with `version: 1` and a list of resources per kind; the admin API takes the same objects. Unknown fields are errors. `allowDelete: true` at the top lets a document delete more than half of what is there. `${env:NAME}` and `${file:path}` stand for values that the control plane puts in.",
    "Where a field may be one of several objects, its fields follow under the same path, and *required* holds within the object that is written. A *secret* is written as text and never returned; reading shows `{ set: true, hint }`.",
    ...kindTable.filter((row) => row.documentPath.length > 0).map(kindSection),
    "## Not served by this build",
    "These fields are known, but switching them on is refused until the gateway serves them. A disabled Model API may already hold them.",
    table(
      ["Kind", "Field", "What to do"],
      unservedFields().map(({ kind, path, remedy }) => [code(kind), code(path), remedy]),
    ),
  ]);
}

function kindSection({ kind, documentPath }: (typeof kindTable)[number]): string {
  // toJSONSchema's own type is wider; what fieldRows reads of it is optional everywhere.
  const schema = schemas[kind].toJSONSchema({ io: "input" }) as JsonSchema;
  const list = documentPath.join(".");
  return [
    `## ${code(list)}`,
    `${schema.description ?? ""} Collection ${code(kind)} of the admin API.`,
    table(
      ["Field", "Type", "Default", "Meaning"],
      fieldRows(schema).map((row) => [code(row.field), row.type, row.default, row.meaning]),
    ),
  ].join("\n\n");
}
