// Which file of a ComfyUI server a request or an answer means. Must not know routes.
import { textOf } from "../../lib/json-value.ts";

/** Folders of a server, as in `type=` of a query and behind a name: `x.png [output]`. */
const folders = ["input", "output", "temp"] as const;

/**
 * A name without its annotation, and the folder of that. As the server does, exactly one character goes with it, whatever
 * it is: else `x.png_[output]` would be another file here than there.
 */
function annotated(name: string): { readonly plain: string; readonly folder: string | undefined } {
  const folder = folders.find((each) => name.endsWith(`[${each}]`));
  if (folder === undefined) return { plain: name, folder };
  return {
    plain: Array.from(name.slice(0, -folder.length - 2))
      .slice(0, -1)
      .join(""),
    folder,
  };
}

export interface ComfyuiFileName {
  readonly filename: string;
  readonly subfolder?: string | undefined;
  /** `input`, `output` or `temp`. */
  readonly type?: string | undefined;
}

/** One text per file, however its path is spelled: `output/sub/x.png`. For names of uploads and outputs. */
export function comfyuiFileId({ filename, subfolder = "", type = "output" }: ComfyuiFileName): string {
  return [type, ...segmentsOf(`${subfolder}/${filename}`)].join("/");
}

/** The same of a name that may be annotated, as in graphs; the annotation counts more than the type. */
export function comfyuiNamedFileId({ filename, subfolder, type }: ComfyuiFileName): string {
  const { plain, folder = type } = annotated(filename);
  return comfyuiFileId({ filename: plain, subfolder, type: folder });
}

/** The same of a name in a view, of which servers take the last segment only. */
export function comfyuiViewedFileId({ filename, subfolder, type }: ComfyuiFileName): string {
  const { plain, folder = type } = annotated(filename);
  return comfyuiFileId({ filename: segmentsOf(plain).at(-1) ?? "", subfolder, type: folder });
}

/** A file of a user, by its path below the user's folder. Servers decode its escapes twice. */
export function comfyuiUserdataId(path: string): string {
  return segmentsOf(path).join("/");
}

/** Backslashes separate on servers that run on Windows. */
function segmentsOf(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.split(/[/\\]/u)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
}

/** Deepest nesting of an output that is looked into. */
const deepestOutput = 6;

/** Every file named in outputs of nodes, whatever they call their lists. */
export function comfyuiFilesOf(outputs: unknown, depth = 0): string[] {
  if (typeof outputs !== "object" || outputs === null || depth > deepestOutput) return [];
  const filename = textOf(outputs, "filename");
  if (filename !== undefined) {
    return [
      comfyuiFileId({ filename, subfolder: textOf(outputs, "subfolder"), type: textOf(outputs, "type") }),
    ];
  }
  return Object.values(outputs).flatMap((inner) => comfyuiFilesOf(inner, depth + 1));
}
