// `moongate start`: everything in one process, until a signal. Must not know what the parts are: `app` does.
import { readSettings, settingHelp } from "../app/settings.ts";
import { CommandError, exitCodes, type Command } from "./command.ts";
import { explainStartFailure } from "./start-failure.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

const variableHelp = settingHelp.map(
  ({ variable, defaultText, meaning }) => `  ${variable.padEnd(32)} ${meaning} (${defaultText})`,
);

export const start: Command = {
  usage: "start [--config FILE]",
  summary: "start the gateway, its admin API and its store",
  help: [
    "--config FILE   start from a configuration file and watch it",
    "",
    "Environment (default):",
    ...variableHelp,
  ],
  options: { config: { type: "string", short: "c" } },
  maxPositionals: 0,
  run: async (args, terminal) => {
    const read = readSettings(terminal.env, { config: args.text("config") });
    if ("problems" in read) {
      throw new CommandError(
        read.problems.map(({ variable, message }) => `${variable} ${message}`).join("\n"),
      );
    }
    const { settings } = read;
    const startAll = async () => {
      const { startApp } = await import("../app/app.ts");
      return startApp(settings).catch((error: unknown) => {
        throw new CommandError(explainStartFailure(error, settings));
      });
    };
    await runUntilStopped(startAll, terminal);
    return exitCodes.good;
  },
};
