// What moderation costs a stream: recorded streams of every protocol, in the pieces in which they came, through checks
// that find nothing. Prints the CPU time per piece, percentiles of the time that passed, and how much text is held back while a stream runs.
import { spokenStreams } from "../test/support/spoken-streams.ts";
import { loadRecordings, type Recording } from "../test/support/recordings.ts";
import type { RouteProtocol } from "../src/core/protocol.ts";
import type { ModerationCheck } from "../src/gateway/moderation/check.ts";
import { createChecks } from "../src/gateway/moderation/checks/create-checks.ts";
import { Judge } from "../src/gateway/moderation/judge.ts";
import { ModeratedStream } from "../src/gateway/moderation/moderated-stream.ts";
import type { ModerationPolicy } from "../src/gateway/moderation/policy.ts";
import { createUndiciUpstream } from "../src/gateway/upstream/undici-upstream.ts";
import { ArrayBlocks, EventBlocks } from "../src/lib/stream-blocks.ts";
import { streamTextsOf } from "../src/protocols/content/stream-texts.ts";
import type { SnapshotCheck } from "../src/snapshot/snapshot-moderation.ts";

const common = { on: ["response"], action: "block" } as const;
const words: SnapshotCheck = {
  ...common,
  name: "words",
  type: "keywords",
  keywords: Array.from({ length: 1_000 }, (_, at) => `unsaid${at}word`),
  wholeWords: true,
};
const persons: SnapshotCheck = {
  ...common,
  name: "persons",
  type: "personal-data",
  kinds: ["email", "phone", "cn-phone", "credit-card", "iban"],
  action: "mask",
};
const pattern: SnapshotCheck = {
  ...common,
  name: "pattern",
  type: "regex",
  pattern: String.raw`\bcase [A-Z]{2}-[0-9]{4,8}\b|[a-z]{1,20}@[a-z]{1,20}[.]example`,
};
const attacks: SnapshotCheck = { ...common, name: "attacks", type: "prompt-attack" };
const rows: readonly (readonly [string, readonly SnapshotCheck[]])[] = [
  ["1,000 words", [words]],
  ["personal data", [persons]],
  ["both", [words, persons]],
  ["a pattern", [pattern]],
  ["attacks", [attacks]],
  ["all four", [words, persons, pattern, attacks]],
];

const protocols: Readonly<Record<string, RouteProtocol>> = {
  anthropic: "anthropic",
  "openai-responses": "openai-responses",
  dashscope: "dashscope",
  gemini: "gemini",
};

interface Source {
  readonly protocol: RouteProtocol;
  readonly pieces: readonly Buffer[];
  readonly isArray: boolean;
}

function sourceOf({ protocol, body, contentType }: Recording): Source {
  const isArray = contentType.startsWith("application/json");
  const cutter = isArray ? new ArrayBlocks() : new EventBlocks();
  return {
    protocol: protocols[protocol] ?? "openai",
    pieces: [...cutter.push(body), cutter.finish()],
    isArray,
  };
}

const recorded = ["openai-chat", "openai-completions", "openai-responses", "anthropic", "dashscope", "gemini"]
  .flatMap(loadRecordings)
  .filter(({ stream, status }) => stream && status === 200)
  .map(sourceOf);
const tale = "Once upon a time there was a gateway that read every word, and nobody had to wait for it. "
  .repeat(40)
  .match(/.{1,4}/g);
const long: Source = {
  protocol: "openai",
  pieces: (tale ?? []).map((piece) =>
    Buffer.from(`${spokenStreams["OpenAI chat"]?.speak([piece]).split("\n\n")[0] ?? ""}\n\n`),
  ),
  isArray: false,
};

/** Of this thread: what others do on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

interface Figures {
  pieces: number;
  ms: number;
  heldShare: number;
  longestMs: number;
  /** Of each piece, in us. */
  readonly times: number[];
}

function run({ protocol, pieces, isArray }: Source, checks: readonly ModerationCheck[], into: Figures): void {
  const policy: ModerationPolicy = {
    dryRun: true,
    request: false,
    response: true,
    images: false,
    onError: "block",
    windowCharacters: 200,
    checks,
    rules: [],
  };
  const judge = new Judge(
    policy,
    { direction: "response", api: "chat", consumer: "", requestId: "" },
    { moderation: [] },
  );
  const cutter = isArray ? new ArrayBlocks() : new EventBlocks();
  const stream = new ModeratedStream(
    judge,
    { texts: streamTextsOf(protocol), cutter, repeats: protocol === "dashscope" },
    {
      release: () => undefined,
      moved: () => undefined,
      failed: (error) => {
        throw error;
      },
    },
  );
  let came = 0;
  const startedMs = cpuMs();
  for (const piece of pieces) {
    const pieceMs = performance.now();
    stream.push(piece);
    const ms = performance.now() - pieceMs;
    came += piece.length;
    into.times.push(ms * 1_000);
    into.longestMs = Math.max(into.longestMs, ms);
    into.pieces += 1;
    into.heldShare += came === 0 ? 0 : stream.heldBytes / came;
  }
  into.ms += cpuMs() - startedMs;
  stream.finish();
}

const upstream = createUndiciUpstream("public");
console.log("| checks | streams | CPU us a piece | p50 us | p99 us | longest ms | held | reach | pieces |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const [name, config] of rows) {
  const checks = createChecks(
    {
      dryRun: true,
      request: false,
      response: true,
      images: false,
      onError: "block",
      streamWindowCharacters: 200,
      checks: config,
      rules: [],
    },
    { services: new Map(), upstream },
  );
  for (const [label, sources] of [
    ["recorded streams", recorded],
    ["one long chat", [long]],
  ] as const) {
    for (const source of sources)
      run(source, checks, { pieces: 0, ms: 0, heldShare: 0, longestMs: 0, times: [] });
    const figures: Figures = { pieces: 0, ms: 0, heldShare: 0, longestMs: 0, times: [] };
    for (let round = 0; round < 5; round++) for (const source of sources) run(source, checks, figures);
    const { pieces, ms, heldShare, longestMs, times } = figures;
    const reach = Math.max(...checks.map((check) => check.reach));
    const sorted = times.toSorted((one, other) => one - other);
    const at = (share: number): string => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(0);
    console.log(
      `| ${name} | ${label} | ${((ms / pieces) * 1000).toFixed(0)} | ${at(0.5)} | ${at(0.99)} | ${longestMs.toFixed(1)} | ` +
        `${((heldShare / pieces) * 100).toFixed(1)} % | ${reach} | ${pieces} |`,
    );
  }
}
await upstream.close();
