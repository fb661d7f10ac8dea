// What a sample request to a default route is, and its exact bytes. Must not know the gateway.
import type { Usage } from "../../src/core/usage.ts";
import type { HeaderLine } from "./http-message.ts";

/** Asks the service itself, with the key that the gateway uses, or the gateway; gives its JSON. */
export type Direct = (
  method: string,
  path: string,
  body?: string | Buffer,
  type?: string,
) => Promise<unknown>;

export type Given = (direct: Direct, through: Direct) => Promise<Readonly<Record<string, string>>>;

export interface FormPart {
  readonly name: string;
  /** A file has one; its content is bytes. */
  readonly file?: string;
  readonly content: string | Buffer;
}

/** Where a request names its model; `first`: it does not, and a target's is put in front. */
export type SampleModel = "none" | "json" | "json-first" | "part" | "part-first" | "path";

export interface RouteSample {
  readonly method: string;
  /** Tells it apart from other samples of the same route and method. */
  readonly what: string;
  /** Appended to the route's path; may hold `{name}` of what `given` made, and a query. */
  readonly tail?: string;
  /** Instead of the route's path, for templates. */
  readonly path?: string;
  /** The exact text of a JSON body; may hold `{{name}}` of what `given` made. */
  readonly json?: string;
  readonly form?: readonly FormPart[];
  /** Any other body. */
  readonly bytes?: Buffer;
  readonly headers?: readonly HeaderLine[];
  readonly model?: SampleModel;
  /** Services refuse it unless the target's model is put in. */
  readonly needsTarget?: boolean;
  /** Default 200. */
  readonly status?: number;
  readonly stream?: boolean;
  /** What the record must say; `"some"`: more than nothing. Null: nothing. Left out: not looked at. */
  readonly usage?: Readonly<Partial<Record<keyof Usage, number | boolean | "some">>> | null;
  /** Makes what the request is about, at the service or through the gateway; gives its ids by name. */
  readonly given?: Given;
}

/** The model that samples ask for, and the one that a target names instead. */
export const askedModel = "asked-model";
export const targetModel = "org/target-model:1";

/** White space, an escape, a number and a repeated name that any reading and writing of the JSON would change. */
export function oddJson(value: object): string {
  const text = JSON.stringify(value, null, 1).replace(/\}$/, "");
  const comma = Object.keys(value).length === 0 ? "" : " ,";
  return `\n ${text}${comma}"x_exact" : [1.0, 12345678901234567890, 1E2, "\\u00e9\\/"] }\t`;
}

export const formBoundary = "----moongate'route";

export function formBytes(parts: readonly FormPart[]): Buffer {
  const pieces = parts.flatMap(({ name, file, content }) => [
    Buffer.from(`--${formBoundary}\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(file === undefined ? "" : `; filename="${file}"\r\nContent-Type: application/octet-stream`),
    Buffer.from("\r\n\r\n"),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${formBoundary}--\r\n`)]);
}

/** Bytes that hold line ends, zeros, the beginning of a boundary and the asked model's name: none of it may be touched. */
export const fileBytes = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff]),
  Buffer.from(`\r\n--${formBoundary.slice(0, -1)}\r\nname="model"\r\n\r\n${askedModel}\r\n`),
  Buffer.alloc(40_000, 0xc3),
]);

/** The value of a member of JSON that a service gave, as text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null) throw new Error(`no ${name} in ${JSON.stringify(value)}`);
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  if (typeof at !== "string") throw new Error(`no text at ${path.join(".")} in ${JSON.stringify(value)}`);
  return at;
}
