// What a command is: one row of the table in main.ts. Knows no command.
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { Terminal } from "./terminal.ts";

/** Exit codes of every command. */
export const exitCodes = { good: 0, failed: 1, wrongUsage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure with a message for the reader: what happened, where, and how to mend it. Never holds a secret. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The arguments after the command's name, checked against its options. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** Value of a string option; undefined when absent. */
  text(name: string): string | undefined;
  /** Values of a string option that may be repeated. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  /** Value of a string option that the command cannot do without. @throws CommandError */
  required(name: string): string;
}

export interface Command {
  /** As typed, without `moongate`. */
  readonly usage: string;
  readonly summary: string;
  /** More lines for `--help`. */
  readonly help?: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  readonly maxPositionals: number;
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>;
}

/** @throws CommandError with exit code 2 */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const { values, positionals } = parse(command, words);
  if (positionals.length > command.maxPositionals) {
    throw wrongUsage(command, `unexpected "${positionals[command.maxPositionals]}"`);
  }
  const text = (name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    positionals,
    text,
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
    flag: (name) => values[name] === true,
    required: (name) => {
      const value = text(name);
      if (value === undefined || value === "") throw wrongUsage(command, `--${name} is missing`);
      return value;
    },
  };
}

function parse(command: Command, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: command.options, allowPositionals: true });
  } catch (error) {
    const isUsage =
      error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    throw wrongUsage(command, error.message.split(/[.;] To specify/u)[0] ?? error.message);
  }
}

export function wrongUsage(command: Pick<Command, "usage">, problem: string): CommandError {
  return new CommandError(`${problem}\nusage: moongate ${command.usage}`, exitCodes.wrongUsage);
}
