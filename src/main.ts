// The program's entry: hands the process to the command line. Must not know any command.
import { main } from "./cli/main.ts";
import { processTerminal } from "./cli/terminal.ts";

const exitCode = await main(process.argv.slice(2), processTerminal);
process.exitCode = exitCode;
// A handle that something left open must not keep a finished command alive.
setTimeout(() => process.exit(exitCode), 1000).unref();
