// ComfyUI's users and their files. Names may hold slashes, which stand encoded in a path. Must not know prompts.
import { perAccount } from "../account.ts";
import type { Account } from "../account.ts";
import { downloadOf } from "../blob.ts";
import type { Blob } from "../blob.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { Shelf } from "../shelf.ts";
import { statusReply } from "./replies.ts";

interface UserFile {
  /** The user, a slash and the path. */
  readonly id: string;
  readonly path: string;
  readonly blob: Blob;
  /** Seconds since 1970. */
  readonly modified: number;
}

const filesOf = perAccount((account) => new Shelf<UserFile>(account));
const usersOf = perAccount((account) => new Shelf<{ readonly id: string; readonly name: string }>(account));

/** One user whom nobody had to make, until others are made. */
export function getUsers({ account }: Call): Reply {
  const users = usersOf(account).list();
  if (users.length === 0) return jsonReply({ storage: "server", migrated: true });
  return jsonReply({ storage: "server", users: Object.fromEntries(users.map(({ id, name }) => [id, name])) });
}

export function postUser(call: Call): Reply {
  const { account, body } = call;
  const shelf = usersOf(account);
  const name = typeof body["username"] === "string" ? body["username"].trim() : "";
  if (name === "") return { ...jsonReply({ error: "username not provided" }), status: 400 };
  if (shelf.list().some((user) => user.name === name)) {
    return { ...jsonReply({ error: "Duplicate username." }), status: 400 };
  }
  const id = `${name.replaceAll(/[^\w-]/g, "")}_${call.newUuid()}`;
  return jsonReply(shelf.put({ id, name }, call.bodyBytes).id);
}

/** Paths below `dir`, flat or all, plain or with what is known of them. */
export function listUserdata(call: Call): Reply {
  const { query } = call;
  const dir = query.get("dir");
  if (dir === null || dir === "") return statusReply(400);
  const isSet = (name: string): boolean => ["true", "1"].includes(query.get(name) ?? "");
  const below = filesBelow(call, dir).map((file) => ({ file, relative: file.path.slice(dir.length + 1) }));
  if (below.length === 0) return statusReply(404);
  const wanted = below.filter(({ relative }) => isSet("recurse") || !relative.includes("/"));
  return jsonReply(
    wanted.map(({ file, relative }) => {
      if (isSet("full_info")) return { ...infoOf(file), path: relative };
      return isSet("split") ? [relative, ...relative.split("/")] : relative;
    }),
  );
}

/** Files and folders of one level. */
export function listUserdataTree(call: Call): Reply {
  const dir = (call.query.get("path") ?? "").replaceAll(/^\/+|\/+$/g, "");
  const entries = new Map<string, object>();
  for (const file of filesBelow(call, dir)) {
    const relative = dir === "" ? file.path : file.path.slice(dir.length + 1);
    const [name = "", ...deeper] = relative.split("/");
    const path = dir === "" ? name : `${dir}/${name}`;
    const { size, modified } = infoOf(file);
    const entry = deeper.length > 0 ? { type: "directory" } : { type: "file", size, modified };
    entries.set(name, { name, path, ...entry });
  }
  return dir !== "" && entries.size === 0 ? statusReply(404) : jsonReply(Array.from(entries.values()));
}

export function getUserdata(call: Call): Reply {
  const file = find(call, pathOf(call, 0));
  return file === undefined ? statusReply(404) : downloadOf(file.blob, "application/octet-stream");
}

export function postUserdata(call: Call): Reply {
  const path = pathOf(call, 0);
  const [blob] = call.files;
  if (blob === undefined) return statusReply(400);
  if (isRefused(call, path)) return statusReply(409);
  const file = { id: idOf(call, path), path, blob, modified: call.createdAt };
  filesOf(call.account).put(file, blob.kept.length);
  return jsonReply(call.query.get("full_info") === "true" ? infoOf(file) : path);
}

export function deleteUserdata(call: Call): Reply {
  const isGone = filesOf(call.account).delete(idOf(call, pathOf(call, 0)));
  return statusReply(isGone ? 204 : 404);
}

export function moveUserdata(call: Call): Reply {
  const file = find(call, pathOf(call, 0));
  const path = pathOf(call, 1);
  if (file === undefined) return statusReply(404);
  if (isRefused(call, path)) return statusReply(409);
  const shelf = filesOf(call.account);
  shelf.delete(file.id);
  const moved = { ...file, id: idOf(call, path), path };
  shelf.put(moved, file.blob.kept.length);
  return jsonReply(call.query.get("full_info") === "true" ? infoOf(moved) : path);
}

/** Whether there is a file that must not be replaced. */
function isRefused(call: Call, path: string): boolean {
  return call.query.get("overwrite") === "false" && find(call, path) !== undefined;
}

/** @throws RefusedRequest (403) for a path that leaves the folder of its user. */
function pathOf({ params }: Call, at: number): string {
  const path = params[at] ?? "";
  if (path.split("/").includes("..") || path.startsWith("/"))
    throw new RefusedRequest(403, "Forbidden path.");
  return path;
}

function find(call: Call, path: string): UserFile | undefined {
  return filesOf(call.account).find(idOf(call, path));
}

function filesBelow(call: Call, dir: string): UserFile[] {
  const start = idOf(call, dir === "" ? "" : `${dir}/`);
  return ownFiles(call.account).filter(({ id }) => id.startsWith(start));
}

function ownFiles(account: Account): UserFile[] {
  return filesOf(account).list();
}

function idOf({ header }: Call, path: string): string {
  return `${header("comfy-user") ?? "default"}/${path}`;
}

function infoOf({ path, blob, modified }: UserFile): {
  path: string;
  size: number;
  modified: number;
  created: number;
} {
  return { path, size: blob.size, modified: modified * 1000, created: modified * 1000 };
}
