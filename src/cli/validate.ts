// `validate -f FILE`: checks a configuration file as far as that goes without a gateway. Writes nothing, calls nobody.
import { dirname, resolve } from "node:path";
import { readSettings } from "../app/settings.ts";
import { CommandError, exitCodes, type Command } from "./command.ts";
import { readDocumentFile } from "./document-file.ts";
import { describeFaults } from "../config/fault-lines.ts";

export const validate: Command = {
  usage: "validate -f FILE",
  summary: "check a configuration file without a gateway",
  help: [
    "-f, --file FILE   YAML, or JSON when the name ends in .json",
    "References to variables and files that are not there are named, but are no fault.",
  ],
  options: { file: { type: "string", short: "f" } },
  maxPositionals: 0,
  run: async (args, terminal) => {
    const path = args.required("file");
    const text = await readDocumentFile(path);
    const { checkDocument } = await import("./check-document.ts");
    const read = readSettings(terminal.env);
    const dataDir = "settings" in read ? read.settings.dataDir : resolve("data");
    const result = await checkDocument(
      { path, text },
      { env: terminal.env, baseDir: dirname(resolve(path)), dataDir },
    );
    const warnings = await describeFaults(result.warnings, { path, text });
    for (const line of warnings) terminal.note(`warning: ${line}`);
    if (result.faults.length > 0) {
      const lines = await describeFaults(result.faults, { path, text });
      const count = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
      throw new CommandError([`${path} is not valid, ${count}:`, ...lines].join("\n"));
    }
    terminal.print(`${path} is valid: ${result.summary}`);
    return exitCodes.good;
  },
};
