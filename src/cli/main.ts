// The command line: finds the command, reads its arguments, turns failures into a message and an exit code.
import { readFileSync } from "node:fs";
import { didYouMean } from "../lib/edit-distance.ts";
import { audit } from "./audit.ts";
import { CommandError, exitCodes, readArguments, type Command, type ExitCode } from "./command.ts";
import { apply, exportConfiguration, plan } from "./configuration.ts";
import { explain } from "./explain.ts";
import { routing } from "./routing.ts";
import { simulator } from "./simulator.ts";
import { start } from "./start.ts";
import type { Terminal } from "./terminal.ts";
import { token } from "./token.ts";
import { validate } from "./validate.ts";

/** All commands. Each loads its heavy parts when it runs, so that a small one does not wait for the whole server. */
const commands: Readonly<Record<string, Command>> = {
  start,
  apply,
  plan,
  export: exportConfiguration,
  validate,
  explain,
  token,
  routing,
  audit,
  simulator,
};

const helpWords = new Set(["help", "--help", "-h"]);
const versionWords = new Set(["version", "--version", "-v"]);

/** Runs one command. @returns 0 good, 1 refused or failed, 2 wrong usage */
export async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await run(words, terminal);
  } catch (error) {
    const known = error instanceof CommandError;
    terminal.note(`moongate: ${error instanceof Error ? error.message : String(error)}`);
    // An unexpected failure is a bug: its stack helps then, and only then.
    const wantsStack = !known && terminal.env["MOONGATE_LOG_LEVEL"] === "debug";
    if (wantsStack && error instanceof Error) terminal.note(error.stack ?? "");
    return known ? error.exitCode : exitCodes.failed;
  }
}

async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name = "", ...rest] = words;
  if (versionWords.has(name)) {
    terminal.print(version());
    return exitCodes.good;
  }
  if (helpWords.has(name)) {
    terminal.print(overview());
    return exitCodes.good;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const problem =
      name === ""
        ? "say which command"
        : `unknown command "${name}"${didYouMean(name, Object.keys(commands))}`;
    throw new CommandError(`${problem}\n\n${overview()}`, exitCodes.wrongUsage);
  }
  if (rest.some((word) => word === "--help" || word === "-h")) {
    terminal.print(
      [`usage: moongate ${command.usage}`, "", command.summary, ...indented(command.help)].join("\n"),
    );
    return exitCodes.good;
  }
  return command.run(readArguments(command, rest), terminal);
}

function indented(lines: readonly string[] = []): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function overview(): string {
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  const environment = [
    "Environment: MOONGATE_ADMIN_URL (http://127.0.0.1:8081) and MOONGATE_ADMIN_TOKEN say which gateway to talk to.",
    "moongate COMMAND --help tells more.",
  ];
  return ["usage: moongate COMMAND", "", ...lines, "", ...environment].join("\n");
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known ? String(manifest.version) : "unknown";
}
