// The configuration file that the gateway was started with: read, applied, watched. Knows nothing of what its objects mean.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { checkDocumentHead } from "../config/document-guard.ts";
import { describeFaults, type Fault } from "../config/fault-lines.ts";
import { documentFormat, readDocumentText } from "../config/read-document.ts";
import { resolveReferences } from "../config/references.ts";
import { createFileWatch, pollEvery, type NamedFiles } from "../config/watch-file.ts";
import { factsOfRefusedFile } from "../control/audit/commit-entry.ts";
import type { Configuration } from "../control/configuration.ts";
import { ControlError } from "../control/control-error.ts";
import { applyFile } from "../control/documents.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";

/** Thrown when the file cannot be taken at the first start: there is nothing older to run on. */
export class StartedFileRefused extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "StartedFileRefused";
  }
}

export interface StartedFileOptions {
  readonly file: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly configuration: Configuration;
  readonly log: OperationalLog;
}

export interface StartedFile {
  /** Ends the watch. */
  close(): void;
}

const pollMs = 1_000;

/**
 * Applies the file and follows it. A refused edit changes nothing; it is logged and shown by /readyz.
 * @throws StartedFileRefused when nothing of it was ever applied
 */
export async function followStartedFile(options: StartedFileOptions): Promise<StartedFile> {
  const { file, log } = options;
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartedFileRefused([
      `the configuration file ${file} cannot be read (${error.code ?? error.message})`,
    ]);
  });
  const first = await take(options, content);
  if (first.refusal.length > 0) {
    if (!managesAnything(options.configuration)) throw new StartedFileRefused(first.refusal);
    await reportRefusal(options, first.refusal);
  }
  const watch = createFileWatch({
    file,
    taken: { content, named: first.named },
    onChange: async (changed) => {
      const next = await take(options, changed);
      if (next.refusal.length > 0) await reportRefusal(options, next.refusal);
      return next.named;
    },
    onProblem: (message) => log.warn("config-file-unreadable", { message }),
  });
  return { close: pollEvery(pollMs, watch) };
}

interface Taken {
  /** Lines that say what is wrong; none = applied. */
  readonly refusal: readonly string[];
  /** The files that the document names, to be watched with it. */
  readonly named: NamedFiles;
}

async function take(options: StartedFileOptions, content: Buffer): Promise<Taken> {
  const { file, env, dataDir, configuration, log } = options;
  const text = content.toString("utf8");
  const read = await readDocumentText(content, documentFormat(file));
  if ("issues" in read) {
    const faults = read.issues.map(({ line, column, message }) => ({
      path: `line ${line}, column ${column}`,
      message,
    }));
    return { refusal: await describeFaults(faults, { path: file, text }), named: new Map() };
  }
  const head = checkDocumentHead(read.value);
  if ("refusal" in head) return { refusal: [`${file} ${head.refusal}`], named: new Map() };
  const resolved = await resolveReferences(read.value, { env, baseDir: dirname(file), dataDir });
  const refuse = async (faults: readonly Fault[]): Promise<Taken> => {
    return { refusal: await describeFaults(faults, { path: file, text }), named: resolved.files };
  };
  if (resolved.issues.length > 0) return refuse(resolved.issues);
  try {
    const plan = await applyFile(
      configuration,
      { source: read.value, resolved: resolved.value },
      `file:${file}`,
    );
    for (const warning of plan.warnings) log.warn("config-warning", { warning });
    if (plan.changes.length > 0) log.info("config-file-applied", { changes: plan.changes.length });
    return { refusal: [], named: resolved.files };
  } catch (error) {
    // What is not about the document (a full disk) may pass: the watch tries again.
    if (!(error instanceof ControlError) || error.code === "store_unavailable") throw error;
    return refuse(error.details.length > 0 ? error.details : [{ path: "", message: error.message }]);
  }
}

function managesAnything(configuration: Configuration): boolean {
  const kinds = [...configuration.working.stored.values()];
  return kinds.some((byName) => [...byName.values()].some((row) => row.managedBy === "file"));
}

async function reportRefusal(
  { configuration, log, file }: StartedFileOptions,
  lines: readonly string[],
): Promise<void> {
  configuration.reportConfigError(lines.join("\n"));
  log.error("config-file-refused", { file, reason: lines.join("; ") });
  await configuration.audit
    .append(factsOfRefusedFile(`file:${file}`))
    .catch((error: unknown) => log.error("audit-log-not-written", { message: String(error) }));
}
