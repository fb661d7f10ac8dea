// The file in which the administrator says what he knows of models: read before anything starts, then followed. Knows not
// what the data does.
import { readFile } from "node:fs/promises";
import { describeFaults } from "../config/fault-lines.ts";
import { documentFormat, readDocumentText } from "../config/read-document.ts";
import { createFileWatch, pollEvery } from "../config/watch-file.ts";
import type { OwnModelData } from "../core/known-model.ts";
import { parseModelFile } from "../resources/model-file.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Settings } from "./settings.ts";

/** Thrown when the file cannot be taken at the start: prices that somebody relies on would silently be others. */
export class ModelFileRefused extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ModelFileRefused";
  }
}

export interface ModelFile {
  readonly data: OwnModelData;
  /** Tells of every change that can be taken, until called off; a refused one changes nothing and is logged. */
  follow(changed: (data: OwnModelData) => Promise<void>): () => void;
}

const pollMs = 1_000;
const noNames: ReadonlyMap<string, string> = new Map();

/** Null where no file is set. @throws ModelFileRefused */
export async function openModelFile(
  { modelsFile: file }: Pick<Settings, "modelsFile">,
  log: OperationalLog,
): Promise<ModelFile | null> {
  if (file === null) return null;
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new ModelFileRefused([`the models file ${file} cannot be read (${error.code ?? error.message})`]);
  });
  const first = await read(file, content);
  if ("refusal" in first) throw new ModelFileRefused(first.refusal);
  return {
    data: first.data,
    follow: (changed) => {
      const watch = createFileWatch({
        file,
        taken: { content, named: noNames },
        onChange: async (now) => {
          const next = await read(file, now);
          if ("data" in next) {
            await changed(next.data);
            log.info("models-file-applied", { file });
          } else log.error("models-file-refused", { file, reason: next.refusal.join("; ") });
          return noNames;
        },
        onProblem: (message) => log.warn("models-file-unreadable", { message }),
      });
      return pollEvery(pollMs, watch);
    },
  };
}

/** @returns the data, or one line for each fault with its place in the file */
async function read(
  file: string,
  content: Buffer,
): Promise<{ readonly data: OwnModelData } | { readonly refusal: readonly string[] }> {
  const source = { path: file, text: content.toString("utf8") };
  const document = await readDocumentText(content, documentFormat(file));
  if ("issues" in document) {
    const faults = document.issues.map(({ line, column, message }) => ({
      path: `line ${line}, column ${column}`,
      message,
    }));
    return { refusal: await describeFaults(faults, source) };
  }
  const parsed = parseModelFile(document.value);
  return parsed.ok ? { data: parsed.data } : { refusal: await describeFaults(parsed.issues, source) };
}
