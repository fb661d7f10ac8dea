// The program's entry: hands the process to the command line. Must not know any command.
import { main } from "./cli/main.ts";
import { processTerminal } from "./cli/terminal.ts";

// Whoever reads the output may stop reading, as `head` does: what is left is for nobody.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const exitCode = await main(process.argv.slice(2), processTerminal);
process.exitCode = exitCode;
// A handle that something left open must not keep a finished command alive.
setTimeout(() => process.exit(exitCode), 1000).unref();
