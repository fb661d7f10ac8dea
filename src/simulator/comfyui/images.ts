// ComfyUI's uploads and views of images. Must not know prompts.
import { downloadOf } from "../blob.ts";
import { isRecord } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { statusReply } from "./replies.ts";
import { readFile, storeUpload } from "./stored-files.ts";
import type { FilePlace } from "./stored-files.ts";

const types: ReadonlySet<unknown> = new Set(["input", "temp", "output"]);

/** The name may be another than the one that was sent, as an older file keeps its own. */
export function uploadImage({ account, body, files }: Call): Reply {
  const file = files.find(({ field }) => field === "image");
  const { type = "input", subfolder = "", overwrite } = body;
  if (file === undefined || file.filename === "" || !types.has(type)) return statusReply(400);
  const place = { filename: file.filename, subfolder: String(subfolder), type: String(type) };
  if (leavesFolder(place)) return statusReply(400);
  const isReplacing = overwrite === "true" || overwrite === "1";
  const name = storeUpload(account, place, { file, overwrite: isReplacing });
  return jsonReply({ name, subfolder: place.subfolder, type: place.type });
}

/** A mask belongs to an image that is there. */
export function uploadMask(call: Call): Reply {
  const original = placeOf(call.body["original_ref"]);
  if (original === undefined) return statusReply(400);
  return readFile(call.account, original) === undefined ? statusReply(400) : uploadImage(call);
}

/** The bytes of a file as they are: previews are not drawn anew. */
export function viewImage({ account, query }: Call): Reply {
  const filename = query.get("filename");
  if (filename === null || filename === "") return statusReply(404);
  const place = { filename, subfolder: query.get("subfolder") ?? "", type: query.get("type") ?? "output" };
  if (!types.has(place.type)) return statusReply(400);
  if (leavesFolder(place)) return statusReply(403);
  const blob = readFile(account, place);
  return blob === undefined ? statusReply(404) : downloadOf(blob, blob.contentType);
}

function leavesFolder({ filename, subfolder }: FilePlace): boolean {
  return `${subfolder}/${filename}`.split("/").includes("..") || filename.startsWith("/");
}

/** The place in a form field that holds it as JSON. */
function placeOf(field: unknown): FilePlace | undefined {
  if (typeof field !== "string") return undefined;
  try {
    const place: unknown = JSON.parse(field);
    const { filename, subfolder = "", type = "output" } = isRecord(place) ? place : {};
    if (typeof filename !== "string" || typeof subfolder !== "string" || typeof type !== "string")
      return undefined;
    return { filename, subfolder, type };
  } catch {
    return undefined;
  }
}
