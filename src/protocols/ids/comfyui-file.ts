// Which file of a ComfyUI server a request or an answer means. Must not know routes.
import { textOf } from "../../lib/json-value.ts";

/** Folders of a server, as in `type=` of a query and behind a name: `x.png [output]`. */
const folders = ["input", "output", "temp"] as const;
const annotation = new RegExp(String.raw`^(.*?) *\[(${folders.join("|")})\]$`, "su");

export interface ComfyuiFileName {
  readonly filename: string;
  readonly subfolder?: string | undefined;
  /** `input`, `output` or `temp`. */
  readonly type?: string | undefined;
}

/**
 * One text per file, however it is spelled: `output/sub/x.png`. As the server does, only the last segment of a file name
 * counts where the folder is named apart, and an annotation counts more than the type.
 */
export function comfyuiFileId({ filename, subfolder = "", type = "output" }: ComfyuiFileName): string {
  const [, plain = filename, annotated = type] = annotation.exec(filename) ?? [];
  const name = segmentsOf(plain).at(-1) ?? "";
  return [annotated, ...segmentsOf(subfolder), name].join("/");
}

/** A file in a graph: `sub/x.png [output]`, in the input folder unless it says otherwise. */
export function comfyuiGraphFileId(text: string): string {
  const [, plain = text, type = "input"] = annotation.exec(text) ?? [];
  return [type, ...segmentsOf(plain)].join("/");
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
