// /v1/files as OpenAI has it: upload, list, get, content, delete. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import type { Account } from "../account.ts";
import { blobOf, downloadOf } from "../blob.ts";
import type { Blob } from "../blob.ts";
import { missing, requiredString } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";

interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly blob: Blob;
}

const filesOf = perAccount((account) => new Shelf<StoredFile>(account));

/** @throws RefusedRequest without a file or a purpose. */
export function uploadFile(call: Call): Reply {
  const { account, body, createdAt } = call;
  const file = call.files.find(({ field }) => field === "file") ?? missing("file");
  const purpose = requiredString(body, "purpose");
  const seconds = Number(body["expires_after[seconds]"] ?? 0);
  const stored = {
    id: call.newId("file-"),
    filename: file.filename,
    purpose,
    createdAt,
    expiresAt: seconds > 0 ? createdAt + seconds : null,
    blob: file,
  };
  return jsonReply(show(filesOf(account).put(stored, file.kept.length)));
}

/** Puts a file there that the simulator has made itself. */
export function makeFile(call: Call, text: string, filename: string): string {
  const { account, createdAt } = call;
  const blob = blobOf(Buffer.from(text), "application/jsonl");
  const made = {
    id: call.newId("file-"),
    filename,
    purpose: "batch_output",
    createdAt,
    expiresAt: null,
    blob,
  };
  return filesOf(account).put(made, blob.kept.length).id;
}

/** The text of a file as far as it is kept; undefined when there is none. */
export function fileText(account: Account, id: string): string | undefined {
  return filesOf(account).find(id)?.blob.kept.toString();
}

export function listFiles(call: Call): Reply {
  const purpose = call.query.get("purpose");
  const files = filesOf(call.account).list();
  const wanted = purpose === null ? files : files.filter((file) => file.purpose === purpose);
  return jsonReply(openaiPage(pageOf(call, wanted), show));
}

export function getFile(call: Call): Reply {
  return jsonReply(show(find(call)));
}

export function fileContent(call: Call): Reply {
  return downloadOf(find(call).blob, "application/octet-stream");
}

export function deleteFile(call: Call): Reply {
  const { id } = find(call);
  filesOf(call.account).delete(id);
  return jsonReply({ id, object: "file", deleted: true });
}

function find({ account, params }: Call): StoredFile {
  return filesOf(account).get(params[0] ?? "", "File object");
}

/** The file as the vendor shows it, with a hash, by which a test can tell that every byte has arrived. */
function show({ id, filename, purpose, createdAt, expiresAt, blob }: StoredFile): object {
  return {
    id,
    object: "file",
    bytes: blob.size,
    created_at: createdAt,
    expires_at: expiresAt,
    filename,
    purpose,
    status: "processed",
    status_details: null,
    sha256: blob.sha256,
  };
}
