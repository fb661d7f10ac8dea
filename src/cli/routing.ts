// `routing`: what Model APIs of mode intelligent have learnt and would decide. Decisions of a file of records are made again
// without a gateway; all else is asked of the admin API.
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseJson, parseObject, record } from "../lib/unknown-json.ts";
import { createAdminClient, type AdminClient } from "./admin-client.ts";
import {
  CommandError,
  exitCodes,
  wrongUsage,
  type Arguments,
  type Command,
  type ExitCode,
} from "./command.ts";
import { reproduceRecords } from "./reproduce-records.ts";
import { explanationSentences, previewSentences, stateLines } from "./routing-lines.ts";
import type { Terminal } from "./terminal.ts";

const usage =
  "routing show|train|publish|rollback|preview|test|reproduce --api NAME [--json] | routing reproduce --records FILE";

export const routing: Command = {
  usage,
  summary: "tell what mode intelligent has learnt, train it, put it into use, and try decisions",
  help: [
    "show              labels, versions, what is in use, the last training",
    "train             learn from all labels; waits for the outcome",
    "publish           put a version into use: --version N; --force for one that was not found better",
    "rollback          one step back",
    "preview           what a model service would have done with the latest requests: --file FILE (JSON), --limit N",
    "test              what would be decided for a prompt: --prompt TEXT, --profile PROFILE, --file FILE",
    "reproduce         decide recorded requests again: --request ID, or offline --records FILE (JSON lines)",
    "--api NAME        Model API",
    "--json            print the answer of the admin API as it is",
    "reproduce ends with exit code 1 when another choice comes out.",
  ],
  options: {
    api: { type: "string" },
    version: { type: "string" },
    force: { type: "boolean" },
    file: { type: "string" },
    limit: { type: "string" },
    prompt: { type: "string" },
    profile: { type: "string" },
    request: { type: "string" },
    records: { type: "string" },
    json: { type: "boolean" },
  },
  maxPositionals: 1,
  run,
};

/** How often it is asked whether a training has ended, and for how long. */
const lookEveryMs = 250;
const patienceMs = 600_000;

interface Asked {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly client: AdminClient;
  /** Below `/api/v1`. */
  readonly address: string;
}

/** What each word asks, and how its answer is told; false: it is a bad one. */
const actions: Readonly<Record<string, (asked: Asked) => Promise<boolean>>> = {
  show: async (asked) => tell(asked, await ask(asked, "GET", ""), stateLines),
  train: async (asked) => {
    await ask(asked, "POST", "/train", {});
    return tell(asked, await trained(asked), stateLines);
  },
  publish: async (asked) => {
    const version = wholeNumber(asked.args.required("version"), "version");
    const body = { version, force: asked.args.flag("force") };
    return tell(asked, await ask(asked, "POST", "/publish", body), inUseLines);
  },
  rollback: async (asked) => tell(asked, await ask(asked, "POST", "/rollback", {}), inUseLines),
  preview: async (asked) => {
    const { args } = asked;
    const limit = args.text("limit");
    const body = {
      ...(await modelServiceOf(args)),
      ...(limit === undefined ? {} : { limit: wholeNumber(limit, "limit") }),
    };
    return tell(asked, await ask(asked, "POST", "/preview", body), previewSentences);
  },
  test: async (asked) => {
    const { args } = asked;
    const profile = args.text("profile");
    const body = {
      prompt: args.required("prompt"),
      ...(profile === undefined ? {} : { profile }),
      ...(await modelServiceOf(args)),
    };
    return tell(asked, await ask(asked, "POST", "/test", body), explanationSentences);
  },
  reproduce: async (asked) => {
    const answer = await ask(asked, "POST", "/reproduce", { requestId: asked.args.required("request") });
    tell(asked, answer, explanationSentences);
    const same = record(parseJson(answer))["same"] === true;
    if (!same) asked.terminal.note("another choice comes out than was recorded");
    return same;
  },
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [word = ""] = args.positionals;
  const records = args.text("records");
  if (word === "reproduce" && records !== undefined) return reproduceFile(records, terminal);
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action === undefined)
    throw wrongUsage({ usage }, word === "" ? "say what to do" : `unknown "routing ${word}"`);
  const address = `/model-apis/${encodeURIComponent(args.required("api"))}/routing`;
  const client = createAdminClient(terminal);
  return (await action({ args, terminal, client, address })) ? exitCodes.good : exitCodes.failed;
}

function ask(
  { client, address }: Asked,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<string> {
  const sent = body && { body: { type: "application/json", text: JSON.stringify(body) } };
  return client({ method, path: `${address}${path}`, ...sent });
}

type Lines = (answer: Readonly<Record<string, unknown>>) => readonly string[];

function tell({ args, terminal }: Asked, answer: string, lines: Lines): true {
  const told = args.flag("json") ? [answer] : lines(record(parseJson(answer)));
  for (const line of told) terminal.print(line);
  return true;
}

/** The state once no training runs. */
async function trained(asked: Asked): Promise<string> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const answer = await ask(asked, "GET", "");
    if (record(parseJson(answer))["running"] === null) return answer;
    await pause(lookEveryMs);
  }
  throw new CommandError("the training goes on; `routing show` tells when it has ended");
}

function inUseLines({ version }: Readonly<Record<string, unknown>>): string[] {
  return [version === 0 ? "in use: nothing that was learnt" : `in use: version ${String(version)}`];
}

function wholeNumber(text: string, name: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw wrongUsage({ usage }, `--${name} must be a whole number`);
}

async function modelServiceOf(args: Arguments): Promise<{ readonly modelService?: object }> {
  const file = args.text("file");
  if (file === undefined) return {};
  const modelService = parseObject(await textOf(file));
  if (modelService === undefined) throw new CommandError(`${file}: is not one JSON object`);
  return { modelService };
}

async function reproduceFile(file: string, terminal: Terminal): Promise<ExitCode> {
  const { good, undecided, differing, unreadable } = reproduceRecords(await textOf(file));
  for (const line of [...unreadable, ...differing]) terminal.print(line);
  const others = undecided === 0 ? "" : `, ${undecided} were not decided by mode intelligent`;
  terminal.print(`${good} decisions come out again, ${differing.length} do not${others}`);
  return differing.length + unreadable.length === 0 ? exitCodes.good : exitCodes.failed;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`${file}: cannot be read (${code})`);
  }
}
