// A JSON schema as rows of a field table: nested fields by their path, variants by their discriminator.
import { code } from "./markdown.ts";

/** The part of JSON Schema 2020-12 that the resource schemas use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface FieldRow {
  readonly field: string;
  readonly type: string;
  readonly default: string;
  readonly meaning: string;
}

/** Rows of every field below a schema, in its order. */
export function fieldRows(schema: JsonSchema, prefix = ""): FieldRow[] {
  const rows = variantsOf(schema).flatMap((variant) => objectRows(variant, prefix));
  // Variants share their common fields.
  return rows.filter(
    (row, index) => rows.findIndex((other) => JSON.stringify(other) === JSON.stringify(row)) === index,
  );
}

function objectRows(schema: JsonSchema, prefix: string): FieldRow[] {
  const properties = Object.entries(schema.properties ?? {});
  const variant = properties.find(([, field]) => field.const !== undefined);
  return properties.flatMap(([name, field]) => {
    const only =
      variant === undefined || variant[0] === name || name === "name"
        ? ""
        : `${constWord(variant[1].const)}: `;
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const row = {
      field: path,
      type: typeWord(field),
      default: defaultWord(field, required),
      meaning: `${only}${field.description ?? ""}`,
    };
    return [row, ...innerRows(field, path)];
  });
}

function innerRows(field: JsonSchema, path: string): FieldRow[] {
  if (isSecret(field)) return [];
  if (field.items !== undefined) return fieldRows(field.items, `${path}[].`);
  return fieldRows(field, `${path}.`);
}

/** The objects that a field may be: itself, or those among its alternatives. */
function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives === undefined) return schema.properties === undefined ? [] : [schema];
  return alternatives.filter((alternative) => !isSecret(alternative)).flatMap(variantsOf);
}

function isSecret(schema: JsonSchema): boolean {
  return (schema.anyOf ?? []).some((alternative) => alternative.properties?.["sealed"] !== undefined);
}

function typeWord(schema: JsonSchema): string {
  if (isSecret(schema)) return "secret";
  if (schema.const !== undefined) return code(constWord(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(constWord(value))).join(", ");
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeWord))].join(" or ");
  if (schema.type === "array")
    return `list of ${schema.items === undefined ? "anything" : typeWord(schema.items)}`;
  if (schema.type === "object") return objectWord(schema);
  if (schema.type === "string") return "text";
  if (schema.type === "boolean") return "true or false";
  return numberWord(schema);
}

function constWord(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function objectWord(schema: JsonSchema): string {
  const values = schema.additionalProperties;
  return typeof values === "object"
    ? `object of ${Object.keys(values).length === 0 ? "anything" : typeWord(values)}`
    : "object";
}

function numberWord({ type, minimum, maximum }: JsonSchema): string {
  const word = type === "integer" ? "whole number" : "number";
  // Beyond this a bound only says that the number is one.
  const upper = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && upper !== undefined) return `${word}, ${minimum} to ${upper}`;
  return minimum === undefined ? word : `${word}, at least ${minimum}`;
}

function defaultWord(schema: JsonSchema, required: boolean): string {
  if (required) return "*required*";
  if (schema.default === undefined) return "*optional*";
  const text = JSON.stringify(schema.default);
  return text === "{}" && schema.properties !== undefined ? "" : code(text);
}
