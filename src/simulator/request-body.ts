// Reads the body of a request in the way its endpoint wants, never more than a bound. Must not know what it means.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { BodyKind } from "./endpoint.ts";
import { parseBody } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { FormReader } from "./multipart.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { UploadedFile } from "./reply.ts";

/** Larger bodies are refused with 413, the rest of them unread. JSON is held in memory, files are not. */
const mostJsonBytes = 64 * 1024 * 1024;
const mostFileBytes = 520 * 1024 * 1024;

export interface RequestBody {
  readonly body: JsonObject;
  readonly files: readonly UploadedFile[];
  readonly bodyBytes: number;
}

/** Takes the pieces of one body. Both throw a RefusedRequest for a body that is not what it should be. */
interface Reader {
  readonly mostBytes: number;
  take(piece: Buffer): void;
  finish(): Content;
}

type Content = Omit<RequestBody, "bodyBytes">;

const nothing: Content = { body: {}, files: [] };

/** Form fields that are numbers or booleans where the same request is JSON. */
const numberFields: ReadonlySet<string> = new Set([
  "n",
  "partial_images",
  "output_compression",
  "temperature",
]);
const booleanFields: ReadonlySet<string> = new Set(["stream"]);

/**
 * Calls back once with the body or with what is wrong with it, or never for a client that leaves before its end.
 * `keepBytes` of every file are kept.
 */
export function readBody(
  request: IncomingMessage,
  { kind, keepBytes }: { kind: BodyKind; keepBytes: number },
  done: (result: RequestBody | Error) => void,
): void {
  let reader: Reader;
  try {
    reader = readerOf(kind, request.headers["content-type"] ?? "", keepBytes);
  } catch (error) {
    // The body still has to be read, so that the connection can be used again.
    reader = refusingReader(error);
  }
  let length = 0;
  const stop = (error: unknown): void => {
    request.off("data", take);
    request.off("end", finish);
    done(asError(error));
  };
  const take = (piece: Buffer): void => {
    length += piece.length;
    try {
      if (length > reader.mostBytes) throw new RefusedRequest(413, "The request body is too large.");
      reader.take(piece);
    } catch (error) {
      stop(error);
    }
  };
  const finish = (): void => {
    try {
      done({ ...reader.finish(), bodyBytes: length });
    } catch (error) {
      done(asError(error));
    }
  };
  request.on("data", take);
  request.once("end", finish);
}

function readerOf(kind: BodyKind, contentType: string, keepBytes: number): Reader {
  const isForm = /^multipart\/form-data\b/i.test(contentType);
  if (kind === "form" && isForm) return formReader(contentType, keepBytes);
  if (kind === "bytes") return bytesReader(contentType, keepBytes);
  if (kind === "none") return { mostBytes: mostJsonBytes, take: () => {}, finish: () => nothing };
  return jsonReader(kind === "json-or-none");
}

function refusingReader(error: unknown): Reader {
  return {
    mostBytes: mostJsonBytes,
    take: () => {},
    finish: () => {
      throw asError(error);
    },
  };
}

function jsonReader(mayBeEmpty: boolean): Reader {
  const parts: Buffer[] = [];
  return {
    mostBytes: mostJsonBytes,
    take: (piece) => parts.push(piece),
    finish: () => {
      const text = Buffer.concat(parts).toString();
      return mayBeEmpty && text === "" ? nothing : { body: parseBody(text), files: [] };
    },
  };
}

function formReader(contentType: string, keepBytes: number): Reader {
  const reader = new FormReader(contentType, keepBytes);
  return {
    mostBytes: mostFileBytes,
    take: (piece) => reader.push(piece),
    finish: () => {
      const { fields, files } = reader.finish();
      return { body: bodyOf(fields), files };
    },
  };
}

/** The body itself as one file without a name. */
function bytesReader(contentType: string, keepBytes: number): Reader {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let size = 0;
  return {
    mostBytes: mostFileBytes,
    take: (piece) => {
      size += piece.length;
      hash.update(piece);
      const room = Math.min(piece.length, keepBytes - keptBytes);
      if (room <= 0) return;
      kept.push(Buffer.from(piece.subarray(0, room)));
      keptBytes += room;
    },
    finish: () => {
      const file = { field: "", filename: "", contentType, size, sha256: hash.digest("hex") };
      return { body: {}, files: [{ ...file, kept: Buffer.concat(kept, keptBytes) }] };
    },
  };
}

/** The text fields as the JSON object that says the same. */
function bodyOf(fields: ReadonlyMap<string, readonly string[]>): JsonObject {
  const entries = [...fields].map(([name, values]): [string, unknown] => {
    // Clients write a list as `name[]`, or as the same name several times.
    const isList = name.endsWith("[]");
    const plain = isList ? name.slice(0, -2) : name;
    const typed = values.map((value) => typedValue(plain, value));
    return [plain, isList || typed.length > 1 ? typed : typed[0]];
  });
  return Object.fromEntries(entries);
}

function typedValue(name: string, value: string): unknown {
  if (booleanFields.has(name) && (value === "true" || value === "false")) return value === "true";
  return numberFields.has(name) && value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
