// `apply`, `plan` and `export`: the configuration of a running gateway as a document.
import { createAdminClient, RefusedByAdminApi } from "./admin-client.ts";
import { CommandError, exitCodes, type Command, type ExitCode } from "./command.ts";
import { readDocumentFile } from "./document-file.ts";
import { describeFaults } from "../config/fault-lines.ts";
import type { Terminal } from "./terminal.ts";
import { parseJson, record } from "../lib/unknown-json.ts";

const file = { type: "string", short: "f" } as const;

export const apply: Command = {
  usage: "apply -f FILE [--prune]",
  summary: "create and update what the file says, all or nothing",
  help: [
    "-f, --file FILE   YAML, or JSON when the name ends in .json",
    "--prune           also delete what the file leaves out, in kinds that it lists",
  ],
  options: { file, prune: { type: "boolean" } },
  maxPositionals: 0,
  run: (args, terminal) => {
    const path = args.flag("prune") ? "/config/apply?prune=true" : "/config/apply";
    return send(args.required("file"), path, terminal);
  },
};

export const plan: Command = {
  usage: "plan -f FILE",
  summary: "show what apply would change, without changing it",
  help: ["-f, --file FILE   YAML, or JSON when the name ends in .json"],
  options: { file },
  maxPositionals: 0,
  run: (args, terminal) => send(args.required("file"), "/config/plan", terminal),
};

export const exportConfiguration: Command = {
  usage: "export",
  summary: "print the configuration as YAML; secrets only as references or hints",
  options: {},
  maxPositionals: 0,
  run: async (_args, terminal) => {
    const text = await createAdminClient(terminal)({
      method: "GET",
      path: "/config/export",
      accept: "application/yaml",
    });
    terminal.print(text.trimEnd());
    return exitCodes.good;
  },
};

async function send(path: string, endpoint: string, terminal: Terminal): Promise<ExitCode> {
  const client = createAdminClient(terminal);
  const text = await readDocumentFile(path);
  const type = path.endsWith(".json") ? "application/json" : "application/yaml";
  try {
    report(await client({ method: "POST", path: endpoint, body: { type, text } }), terminal);
    return exitCodes.good;
  } catch (error) {
    if (!(error instanceof RefusedByAdminApi) || error.faults.length === 0) throw error;
    const lines = await describeFaults(error.faults, { path, text });
    throw new CommandError([error.message, ...lines].join("\n"));
  }
}

const signs: Readonly<Record<string, string>> = { create: "+", update: "~", delete: "-" };

/** Prints one line per change, warnings apart. */
function report(answer: string, terminal: Terminal): void {
  const { changes, warnings } = record(parseJson(answer));
  if (!Array.isArray(changes))
    throw new CommandError("the answer of the admin API lists no changes; is MOONGATE_ADMIN_URL right?");
  for (const change of changes) {
    const { action, kind, name } = record(change);
    terminal.print(`${signs[String(action)] ?? "?"} ${String(action)} ${String(kind)}/${String(name)}`);
  }
  if (changes.length === 0) terminal.print("no changes");
  for (const warning of Array.isArray(warnings) ? warnings : []) {
    const { path, message } = record(warning);
    terminal.note(
      `warning: ${typeof warning === "string" ? warning : `${String(path)}: ${String(message)}`}`,
    );
  }
}
