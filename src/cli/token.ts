// `token create|list|revoke`: bearer tokens for the admin API.
import { createAdminClient } from "./admin-client.ts";
import {
  CommandError,
  exitCodes,
  wrongUsage,
  type Arguments,
  type Command,
  type ExitCode,
} from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { parseJson, record } from "../lib/unknown-json.ts";

const usage =
  "token create NAME --role ROLE [--resource-group NAME]... [--expires-at TIME] | list | revoke NAME";

const heads = ["NAME", "ROLE", "RESOURCE GROUPS", "EXPIRES", "LAST USED", "MADE BY"];

type Action = (args: Arguments, terminal: Terminal) => Promise<ExitCode>;

const actions: Readonly<Record<string, Action>> = {
  create: async (args, terminal) => {
    const body = {
      name: nameOf(args),
      role: args.required("role"),
      ...(args.list("resource-group").length > 0 && { resourceGroups: args.list("resource-group") }),
      ...(args.text("expires-at") !== undefined && { expiresAt: args.text("expires-at") }),
    };
    const answer = await createAdminClient(terminal)({
      method: "POST",
      path: "/tokens",
      body: { type: "application/json", text: JSON.stringify(body) },
    });
    const { token } = record(parseJson(answer));
    if (typeof token !== "string") throw new CommandError("the answer of the admin API holds no token");
    terminal.print(token);
    terminal.note("Keep it now: it is not shown again.");
    return exitCodes.good;
  },
  list: async (_args, terminal) => {
    const client = createAdminClient(terminal);
    const rows: string[][] = [];
    let cursor = "";
    do {
      const path = `/tokens?limit=1000${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { items, nextCursor } = record(parseJson(await client({ method: "GET", path })));
      for (const item of Array.isArray(items) ? items : []) rows.push(tokenRow(record(item)));
      cursor = typeof nextCursor === "string" ? nextCursor : "";
    } while (cursor !== "");
    for (const line of columns([heads, ...rows])) terminal.print(line);
    return exitCodes.good;
  },
  revoke: async (args, terminal) => {
    const name = nameOf(args);
    await createAdminClient(terminal)({ method: "DELETE", path: `/tokens/${encodeURIComponent(name)}` });
    terminal.print(`revoked ${name}`);
    return exitCodes.good;
  },
};

export const token: Command = {
  usage,
  summary: "make, list and revoke tokens of the admin API",
  help: [
    "--role ROLE             owner, admin, editor, viewer or auditor",
    "--resource-group NAME   limits the token to a resource group; may be repeated. Absent: everywhere",
    "--expires-at TIME       such as 2027-01-01T00:00:00Z",
  ],
  options: {
    name: { type: "string" },
    role: { type: "string" },
    "resource-group": { type: "string", multiple: true },
    "expires-at": { type: "string" },
  },
  maxPositionals: 2,
  run: (args, terminal) => {
    const [word = ""] = args.positionals;
    const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (action === undefined)
      throw wrongUsage({ usage }, word === "" ? "say what to do" : `unknown "token ${word}"`);
    return action(args, terminal);
  },
};

function nameOf(args: Arguments): string {
  const name = args.positionals[1] ?? args.text("name");
  if (name === undefined || name === "") throw wrongUsage({ usage }, "the token's name is missing");
  return name;
}

function tokenRow(item: Readonly<Record<string, unknown>>): string[] {
  const text = (value: unknown) => (typeof value === "string" ? value : "-");
  const groups = item["resourceGroups"];
  const where = Array.isArray(groups) ? groups.join(",") || "none" : "all";
  const end = item["expired"] === true ? `ended ${text(item["expiresAt"])}` : text(item["expiresAt"]);
  return [
    text(item["name"]),
    text(item["role"]),
    where,
    end,
    text(item["lastUsedAt"]),
    text(item["createdBy"]),
  ];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join("  ")
      .trimEnd(),
  );
}
