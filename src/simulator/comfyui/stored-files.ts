// The files of one ComfyUI: what was uploaded and what prompts have made. Must not know prompts or requests.
import { perAccount } from "../account.ts";
import type { Account } from "../account.ts";
import { blobOf } from "../blob.ts";
import type { Blob } from "../blob.ts";
import { drawPng } from "../png.ts";
import type { UploadedFile } from "../reply.ts";
import { Shelf } from "../shelf.ts";

/** A file's place, as clients write it. */
export interface FilePlace {
  readonly filename: string;
  readonly subfolder: string;
  /** `input`, `output` or `temp`. */
  readonly type: string;
}

interface StoredFile {
  readonly id: string;
  /** Null for an image that is drawn when it is looked at. */
  readonly blob: Blob | null;
}

const filesOf = perAccount((account) => new Shelf<StoredFile>(account));

const nextNumbers = perAccount(() => new Map<string, number>());

/** Prefixes of made files whose numbers are known. */
const mostPrefixes = 1_000;

/** Stores an upload and tells its name: a free one, unless an older file is to be replaced. */
export function storeUpload(
  account: Account,
  place: FilePlace,
  upload: { readonly file: UploadedFile; readonly overwrite: boolean },
): string {
  const shelf = filesOf(account);
  const { file, overwrite } = upload;
  const filename = overwrite ? place.filename : freeName(shelf, place, file);
  const id = idOf({ ...place, filename });
  shelf.put({ id, blob: file }, file.kept.length);
  return filename;
}

function freeName(shelf: Shelf<StoredFile>, place: FilePlace, file: UploadedFile): string {
  let { filename } = place;
  for (let copy = 1; isTakenByOther(shelf.find(idOf({ ...place, filename })), file); copy += 1) {
    filename = withNumber(place.filename, copy);
  }
  return filename;
}

/** A new image of a prompt. */
export function makeImage(account: Account, prefix: string, type: string): FilePlace {
  const numbers = nextNumbers(account);
  const number = (numbers.get(prefix) ?? 0) + 1;
  if (numbers.size > mostPrefixes) numbers.clear();
  numbers.set(prefix, number);
  const cut = prefix.lastIndexOf("/");
  const place = {
    filename: `${prefix.slice(cut + 1)}_${String(number).padStart(5, "0")}_.png`,
    subfolder: prefix.slice(0, Math.max(0, cut)),
    type,
  };
  filesOf(account).put({ id: idOf(place), blob: null }, 0);
  return place;
}

/** Undefined when there is no such file. */
export function readFile(account: Account, place: FilePlace): Blob | undefined {
  const id = idOf(place);
  const file = filesOf(account).find(id);
  return file === undefined ? undefined : (file.blob ?? blobOf(drawPng(id), "image/png"));
}

/** The same bytes may be uploaded again under the same name. */
function isTakenByOther(known: StoredFile | undefined, file: UploadedFile): boolean {
  return known !== undefined && known.blob?.sha256 !== file.sha256;
}

function idOf({ filename, subfolder, type }: FilePlace): string {
  return `${type}/${subfolder}/${filename}`;
}

function withNumber(filename: string, copy: number): string {
  const dot = filename.lastIndexOf(".");
  return dot <= 0 ? `${filename} (${copy})` : `${filename.slice(0, dot)} (${copy})${filename.slice(dot)}`;
}
