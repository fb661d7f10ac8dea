// What a consumer sees of ComfyUI's lists of user data: own files, and folders on the way to them. Pure.
import { isJsonObject, parseJson, textOf } from "../../lib/json-value.ts";
import { comfyuiUserdataId } from "./comfyui-file.ts";

/** The consumer's files, by id. */
export interface OwnFiles {
  has(path: string): boolean;
  /** Whether any lies below a folder. */
  below(folder: string): boolean;
}

export function ownFilesOf(paths: Iterable<string>): OwnFiles {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    files.add(path);
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      folders.add(path.slice(0, slash));
    }
  }
  return { has: (path) => files.has(path), below: (folder) => folders.has(folder) };
}

/**
 * The list without what is not the consumer's. Entries are texts, arrays that begin with the path, or objects with a
 * `path`: below the folder that was asked for in the first kind of list (`dir`), from the root in the second.
 * @param query of the request, with or without its `?`
 * @returns the very same bytes when nothing is left out, or when the answer is no list
 */
export function ownUserdata(body: Buffer, query: string, own: OwnFiles): Buffer {
  const list = parseJson(body.toString());
  if (!Array.isArray(list)) return body;
  const dir = new URLSearchParams(query).get("dir") ?? "";
  const shown = list.filter((entry: unknown) => isOwn(entry, dir, own));
  return shown.length === list.length ? body : Buffer.from(JSON.stringify(shown));
}

function isOwn(entry: unknown, dir: string, own: OwnFiles): boolean {
  const path = pathOf(entry);
  if (path === undefined) return false;
  const whole = comfyuiUserdataId(dir === "" ? path : `${dir}/${path}`);
  return textOf(entry, "type") === "directory" ? own.below(whole) : own.has(whole);
}

function pathOf(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  if (isJsonObject(entry)) return textOf(entry, "path");
  const [first] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
  return typeof first === "string" ? first : undefined;
}
