// `explain`: tells how a request would be handled, without sending it.
import { readFile } from "node:fs/promises";
import { parseJson, record } from "../lib/unknown-json.ts";
import { createAdminClient } from "./admin-client.ts";
import {
  CommandError,
  exitCodes,
  wrongUsage,
  type Arguments,
  type Command,
  type ExitCode,
} from "./command.ts";
import { explanationLines } from "./explanation-lines.ts";
import type { Terminal } from "./terminal.ts";

const usage =
  "explain --api NAME --path PATH [--body FILE] [--method METHOD] [--host HOST] [--header LINE]... [--json]";

export const explain: Command = {
  usage,
  summary: "tell how a request would be handled, without sending it",
  help: [
    "--api NAME        Model API that the request is meant for",
    "--path PATH       path as clients send it, with the base path",
    "--body FILE       body of the request; without it any body is assumed",
    "--method METHOD   POST unless given",
    "--host HOST       host that the client calls; localhost unless given",
    '--header LINE     a header, such as "authorization: Bearer KEY"; may be repeated',
    "--json            print the answer of the admin API as it is",
  ],
  options: {
    api: { type: "string" },
    path: { type: "string" },
    body: { type: "string" },
    method: { type: "string" },
    host: { type: "string" },
    header: { type: "string", multiple: true },
    json: { type: "boolean" },
  },
  maxPositionals: 0,
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const api = args.required("api");
  const request = {
    path: args.required("path"),
    method: args.text("method"),
    host: args.text("host"),
    headers: headersOf(args.list("header")),
    body: await bodyOf(args.text("body")),
  };
  const answer = await createAdminClient(terminal)({
    method: "POST",
    path: `/model-apis/${encodeURIComponent(api)}/explain`,
    body: { type: "application/json", text: JSON.stringify(request) },
  });
  const lines = args.flag("json") ? [answer] : explanationLines(record(parseJson(answer)));
  for (const line of lines) terminal.print(line);
  return exitCodes.good;
}

/** Header lines by name; repeated ones are one list (RFC 9110, 5.3). */
function headersOf(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):\s*(.*?)\s*$/u.exec(line) ?? [];
    // The line itself may hold a key, so it is not repeated.
    if (name === "") throw wrongUsage({ usage }, 'a --header must look like "name: value"');
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

async function bodyOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`${file}: cannot be read (${code}); name a file with --body FILE`);
  }
}
