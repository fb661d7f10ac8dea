// Reads a checkout of models.dev: one TOML file per model of a provider, which may rest on a file about the model as such.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

const reasoningOption = z.discriminatedUnion("type", [
  z.object({ type: z.literal("toggle") }),
  z.object({ type: z.literal("effort"), values: z.array(z.string()) }),
  z.object({ type: z.literal("budget_tokens"), min: z.number().optional(), max: z.number().optional() }),
]);

const price = z.number().min(0);
const modality = z.enum(["text", "audio", "image", "video", "pdf"]);

/** What is read of a model; there is more. */
const modelSchema = z.object({
  name: z.string(),
  family: z.string().optional(),
  reasoning: z.boolean().default(false),
  reasoning_options: z.array(reasoningOption).default([]),
  temperature: z.boolean().optional(),
  tool_call: z.boolean().optional(),
  structured_output: z.boolean().optional(),
  interleaved: z.union([z.boolean(), z.object({ field: z.string() })]).optional(),
  cost: z
    .object({
      input: price,
      output: price,
      reasoning: price.optional(),
      cache_read: price.optional(),
      cache_write: price.optional(),
    })
    .optional(),
  limit: z.object({ context: z.number().optional(), output: z.number().optional() }).default({}),
  modalities: z
    .object({ input: z.array(modality), output: z.array(modality) })
    .default({ input: ["text"], output: ["text"] }),
  status: z.string().optional(),
});
export type DevModel = z.output<typeof modelSchema>;

type Table = Readonly<Record<string, unknown>>;

/** Models of one of its providers by name, sorted. @throws when a file is not what models.dev describes */
export function readModels(checkout: string, provider: string): readonly (readonly [string, DevModel])[] {
  const folder = join(checkout, "providers", provider, "models");
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith(".toml"))
      .map((entry) => join(entry.parentPath, entry.name))
      // A few files are links to what is no longer there.
      .filter((file) => existsSync(file))
      .toSorted()
      .map((file) => {
        const name = relative(folder, file)
          .split(sep)
          .join("/")
          .replace(/\.toml$/u, "");
        return [name, modelSchema.parse(inherited(checkout, readTable(file)))] as const;
      })
  );
}

function readTable(file: string): Table {
  return parse(readFileSync(file, "utf8"));
}

/** What a provider says goes over what is said of the model as such. */
function inherited(checkout: string, own: Table): Table {
  const base = own["base_model"];
  if (typeof base !== "string") return own;
  const file = join(checkout, "models", `${base}.toml`);
  if (!existsSync(file)) throw new Error(`${base} is nowhere in models/`);
  const merged = mergedOver(readTable(file), own);
  const omitted = own["base_model_omit"];
  const paths = Array.isArray(omitted) ? omitted.map((path) => String(path).split(".")) : [];
  return paths.reduce<Table>((table, path) => without(table, path), merged);
}

function mergedOver(base: Table, own: Table): Table {
  const entries = Object.entries(own).map(([key, value]): [string, unknown] => {
    const below = base[key];
    return [key, isTable(value) && isTable(below) ? mergedOver(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function without(table: Table, [head = "", ...rest]: readonly string[]): Table {
  const inner = table[head];
  const kept = Object.entries(table).filter(([key]) => key !== head);
  const left = rest.length > 0 && isTable(inner) ? without(inner, rest) : undefined;
  return Object.fromEntries(left === undefined ? kept : [...kept, [head, left]]);
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
