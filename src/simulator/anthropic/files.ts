// /v1/files as Anthropic has it. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { downloadOf } from "../blob.ts";
import type { Blob } from "../blob.ts";
import { missing } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { pageFields, pageOf, Shelf } from "../shelf.ts";

interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly createdAt: number;
  readonly blob: Blob;
}

const filesOf = perAccount((account) => new Shelf<StoredFile>(account));

/** @throws RefusedRequest without a file. */
export function uploadAnthropicFile(call: Call): Reply {
  const { account, createdAt } = call;
  const file = call.files.find(({ field }) => field === "file") ?? missing("file");
  const stored = { id: call.newId("file_"), filename: file.filename, createdAt, blob: file };
  return jsonReply(show(filesOf(account).put(stored, file.kept.length)));
}

export function listAnthropicFiles(call: Call): Reply {
  const page = pageOf(call, filesOf(call.account).list());
  // The newer way to ask for the next page is by `page`, which the answer gives.
  const next_page = page.hasMore ? (page.items.at(-1)?.id ?? null) : null;
  return jsonReply({ ...pageFields(page, show), next_page });
}

export function getAnthropicFile(call: Call): Reply {
  return jsonReply(show(find(call)));
}

/** The vendor lets only files be read that it has made; here every file can be. */
export function anthropicFileContent(call: Call): Reply {
  const { blob } = find(call);
  return downloadOf(blob, blob.contentType);
}

export function deleteAnthropicFile(call: Call): Reply {
  const { id } = find(call);
  filesOf(call.account).delete(id);
  return jsonReply({ id, type: "file_deleted" });
}

function find({ account, params }: Call): StoredFile {
  return filesOf(account).get(params[0] ?? "", "file");
}

/** The file as the vendor shows it, with a hash, by which a test can tell that every byte has arrived. */
function show({ id, filename, createdAt, blob }: StoredFile): object {
  return {
    id,
    type: "file",
    filename,
    mime_type: blob.contentType,
    size_bytes: blob.size,
    created_at: new Date(createdAt * 1000).toISOString(),
    downloadable: true,
    sha256: blob.sha256,
  };
}
