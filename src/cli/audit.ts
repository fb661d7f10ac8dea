// `audit verify`: whether the audit log of a running gateway is as it was written.
import { createAdminClient } from "./admin-client.ts";
import { CommandError, exitCodes, wrongUsage, type Command } from "./command.ts";
import { parseJson, record } from "../lib/unknown-json.ts";

const usage = "audit verify";

const reasons: Readonly<Record<string, string>> = {
  changed: "was changed",
  missing: "is missing",
  truncated: "and what follows were cut off",
  "not-ours": "stands behind the end of the log",
  "end-changed": "is an end of the log that was changed",
  "went-back": "was there before: the store has gone back",
};

export const audit: Command = {
  usage,
  summary: "tell whether the audit log is as it was written",
  help: ["Exit code 1 when an entry was changed or is missing."],
  options: {},
  maxPositionals: 1,
  run: async ({ positionals }, terminal) => {
    const [word = ""] = positionals;
    if (word !== "verify")
      throw wrongUsage({ usage }, word === "" ? "say what to do" : `unknown "audit ${word}"`);
    const answer = await createAdminClient(terminal)({ method: "GET", path: "/audit-log/verify" });
    const { ok, entries, firstNumber, lastNumber, firstBad } = record(parseJson(answer));
    if (ok === true) {
      const span = firstNumber === null ? "" : `, ${plain(firstNumber)} to ${plain(lastNumber)}`;
      terminal.print(`good: ${plain(entries)} entries${span}`);
      return exitCodes.good;
    }
    const { number, reason } = record(firstBad);
    const what = reasons[plain(reason)] ?? plain(reason);
    throw new CommandError(`entry ${plain(number)} ${what}; ${plain(entries)} entries before it are good`);
  },
};

function plain(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "?";
}
