// An oxlint plugin with one rule: who may import whom below src, and what the console may import of it.
// docs/architecture.md shows the same table; layers.test.ts compares the two.
import { posix } from "node:path";

/** Folder -> folders that it may import. `types of X`: `import type` only. Importing from one's own folder is free. */
const parts: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  core: ["lib"],
  resources: ["core", "lib"],
  protocols: ["resources", "core", "lib"],
  translators: ["protocols", "core", "lib"],
  providers: ["resources", "protocols", "core", "lib"],
  config: ["resources", "core", "lib"],
  routing: ["core", "lib"],
  store: ["resources", "core", "lib"],
  snapshot: ["resources", "providers", "routing", "core", "lib"],
  telemetry: ["core", "lib"],
  gateway: [
    "snapshot",
    "routing",
    "translators",
    "protocols",
    "providers",
    "types of resources",
    "core",
    "lib",
  ],
  control: ["store", "snapshot", "routing", "config", "providers", "telemetry", "resources", "core", "lib"],
  simulator: ["protocols", "core", "lib"],
  cli: ["app", "config", "store", "snapshot", "routing", "resources", "core", "lib"],
  console: ["resources", "types of control", "types of routing"],
};

/** The same with the composition root, which knows every part but the command line, and the entry, src/main.ts. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  ...parts,
  app: Object.keys(parts).filter((folder) => folder !== "cli" && folder !== "console"),
  main: ["cli"],
};

/** Folder below the last `src` of a path; `main` for src/main.ts; `console` in its workspace; undefined outside. */
function folderOf(path: string): string | undefined {
  if (/(?:^|\/)console\/src\//.test(path)) return "console";
  const inside = /^.*\/src\/(.+)$/.exec(path)?.[1];
  if (inside === undefined) return undefined;
  return inside.includes("/") ? inside.slice(0, inside.indexOf("/")) : inside.replace(/\.[a-z]+$/, "");
}

/** What is wrong with an import; undefined when nothing is. */
export function faultOf(importer: string, specifier: string, isTypeOnly: boolean): string | undefined {
  const from = folderOf(importer);
  if (from === undefined || !specifier.startsWith(".") || /\.test(-d)?\.ts$/.test(importer)) return undefined;
  const to = folderOf(posix.resolve(posix.dirname(importer), specifier));
  if (to === undefined) return `src/${from} must not import from outside src`;
  const allowed = layers[from];
  if (allowed === undefined)
    return `src/${from} has no row in lint/layers.js and docs/architecture.md: add one`;
  if (to === from || allowed.includes(to)) return undefined;
  if (allowed.includes(`types of ${to}`)) {
    return isTypeOnly ? undefined : `${from} may import from ${to} with "import type" only`;
  }
  return `${from} must not import ${to}; it may import: ${allowed.join(", ") || "nothing"}`;
}

/** The parts of an import or export node that the rule reads. */
interface ImportNode {
  readonly source?: { readonly value?: unknown } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
}

/** The part of the linter that the rule uses. */
interface RuleContext {
  readonly filename: string;
  report(fault: { node: ImportNode; message: string }): void;
}

const direction = {
  create(context: RuleContext) {
    const importer = context.filename.replaceAll("\\", "/");
    const check = (node: ImportNode, isTypeOnly: boolean) => {
      if (typeof node.source?.value !== "string") return;
      const message = faultOf(importer, node.source.value, isTypeOnly);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node: ImportNode) => check(node, node.importKind === "type"),
      ExportNamedDeclaration: (node: ImportNode) => check(node, node.exportKind === "type"),
      ExportAllDeclaration: (node: ImportNode) => check(node, node.exportKind === "type"),
      ImportExpression: (node: ImportNode) => check(node, false),
      TSImportType: (node: ImportNode) => check(node, true),
    };
  },
};

export default { meta: { name: "layers" }, rules: { direction } };
