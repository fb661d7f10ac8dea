// The built console as it lies in its folder, read once at start: what is not in this map does not exist, whatever path is
// asked for. Knows no request.
import { hash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

/** Ways in which a file can go out. */
export type Encoding = "identity" | "gzip" | "br";

export interface ConsoleFile {
  readonly contentType: string;
  /** Whether the name changes with the content, so that a copy is good forever. */
  readonly immutable: boolean;
  readonly forms: ReadonlyMap<Encoding, { readonly bytes: Uint8Array<ArrayBuffer>; readonly etag: string }>;
}

export interface ConsoleFiles {
  /** `index.html`, which every page of the console starts from. */
  readonly index: string;
  /** By path, such as `/assets/app-1a2b3c.js`. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

const indexName = "index.html";
const suffixes: readonly { readonly suffix: string; readonly encoding: Encoding }[] = [
  { suffix: ".br", encoding: "br" },
  { suffix: ".gz", encoding: "gzip" },
];

/**
 * Reads the folder with everything below it.
 * @returns null when there is no console in it
 * @throws the system's error when a file that is there cannot be read
 */
export async function readConsoleFiles(folder: string): Promise<ConsoleFiles | null> {
  const names = await namesBelow(folder);
  if (!names.has(indexName)) return null;
  const files = new Map<string, ConsoleFile>();
  for (const name of names) {
    const isPacked = suffixes.some(
      ({ suffix }) => name.endsWith(suffix) && names.has(stripped(name, suffix)),
    );
    if (isPacked || name === indexName) continue;
    files.set(`/${name}`, await readFileForms(folder, name, names));
  }
  return { index: await readFile(join(folder, indexName), "utf8"), files };
}

async function namesBelow(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return [];
    }
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  return new Set(
    files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/")),
  );
}

async function readFileForms(folder: string, name: string, names: ReadonlySet<string>): Promise<ConsoleFile> {
  const forms = new Map<Encoding, { bytes: Uint8Array<ArrayBuffer>; etag: string }>();
  const read = async (encoding: Encoding, path: string): Promise<void> => {
    const bytes = new Uint8Array(await readFile(join(folder, path)));
    forms.set(encoding, { bytes, etag: `"${hash("sha256", bytes).slice(0, 32)}"` });
  };
  await read("identity", name);
  for (const { suffix, encoding } of suffixes) {
    if (names.has(name + suffix)) await read(encoding, name + suffix);
  }
  return {
    contentType: contentTypes[extname(name).toLowerCase()] ?? "application/octet-stream",
    immutable: name.startsWith("assets/"),
    forms,
  };
}

function stripped(name: string, suffix: string): string {
  return name.slice(0, -suffix.length);
}
