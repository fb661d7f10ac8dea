// Everything that stands in a folder, as text that can be searched: files byte by byte, databases also value by value, and
// what is compressed as what it says. Must not know what is looked for.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";

export interface StoredText {
  /** The file, and in it the table and column. */
  readonly where: string;
  readonly bytes: Buffer;
}

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Reads a copy, so that whoever writes there is not disturbed. */
export function storedTexts(folder: string): StoredText[] {
  const copy = mkdtempSync(join(tmpdir(), "moongate-stored-"));
  try {
    cpSync(folder, copy, { recursive: true });
    const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    const texts = paths.map((path): StoredText => ({
      where: path.slice(copy.length + 1),
      bytes: readFileSync(path),
    }));
    const databases = paths.filter((path) => path.endsWith(".db"));
    return [...texts, ...databases.flatMap((path) => valuesOf(path, path.slice(copy.length + 1)))];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Every value of every table that holds some. */
function valuesOf(path: string, where: string): StoredText[] {
  const database = new DatabaseSync(path);
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
      .all()
      .map(({ name }) => String(name));
    return tables.flatMap((table) =>
      database
        .prepare(`SELECT * FROM "${table}"`)
        .all()
        .flatMap((row) =>
          Object.entries(row).flatMap(([column, value]) => textOf(value, `${where} ${table}.${column}`)),
        ),
    );
  } finally {
    database.close();
  }
}

function textOf(value: unknown, where: string): StoredText[] {
  if (typeof value === "string") return [{ where, bytes: Buffer.from(value) }];
  if (!(value instanceof Uint8Array)) return [];
  const bytes = Buffer.from(value);
  return bytes.subarray(0, 4).equals(zstdMagic)
    ? [{ where: `${where} (compressed)`, bytes: zstdDecompressSync(bytes) }]
    : [{ where, bytes }];
}
