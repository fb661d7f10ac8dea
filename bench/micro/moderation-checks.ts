// What the checks of content that need nobody else cost: building ten thousand words, short pieces, and long texts.
// In CPU time, as the machine may be shared. `npm run bench:checks`
import { createChecks } from "../../src/gateway/moderation/checks/create-checks.ts";
import { WordFinder } from "../../src/gateway/moderation/checks/word-finder.ts";
import { createUndiciUpstream } from "../../src/gateway/upstream/undici-upstream.ts";
import { moderationField } from "../../src/resources/moderation.ts";
import { compileModeration } from "../../src/snapshot/compile-moderation.ts";

const words = Array.from(
  { length: 10_000 },
  (_, index) => `bad${(index * 7919).toString(36)}${index % 3 === 0 ? "词" : " er"}`,
);
const rows = [
  { type: "keywords", name: "keywords", keywords: words },
  { type: "regex", name: "regex", pattern: String.raw`(?i)project (?:titan|atlas)[ -]\d{2,4}` },
  { type: "personal-data", name: "personal-data" },
  { type: "prompt-attack", name: "prompt-attack" },
];
const question = {
  direction: "request",
  api: "chat",
  consumer: "c",
  requestId: "r",
  signal: new AbortController().signal,
} as const;
const prose =
  "The committee met on Tuesday to look at the plans for the new library, and asked what it would cost to heat. " +
  "委员会星期二开会讨论新图书馆的计划，并询问供暖费用。 In the end, nobody knew; the architect promised figures by June. ";

const upstream = createUndiciUpstream("private");

function checksOf(list: readonly object[]) {
  const compiled = compileModeration(moderationField.parse({ enabled: true, checks: list }));
  if (compiled === undefined) throw new Error("nothing to check");
  return createChecks(compiled, { services: new Map(), upstream });
}

/** CPU time of this process, in ms. */
function cpuMs(): number {
  return process.cpuUsage().user / 1_000;
}

/** Microseconds of one look, median of rounds. */
function timed(list: readonly object[], texts: readonly string[]): number {
  const checks = checksOf(list);
  const rounds: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    const start = cpuMs();
    for (const text of texts) for (const check of checks) void check.text(text, question);
    rounds.push(((cpuMs() - start) * 1_000) / texts.length);
  }
  return rounds.toSorted((left, right) => left - right)[15] ?? 0;
}

for (const name of ["10,000 words, first time", "10,000 words, again"]) {
  const start = cpuMs();
  const { reach } = new WordFinder(words, true);
  process.stdout.write(`${name}: built in ${(cpuMs() - start).toFixed(1)} ms, reach ${reach}\n`);
}

// Each text is another one, so that no reading is found again.
const pieces = Array.from({ length: 500 }, (_, index) => `${index} ${prose}`.slice(0, 200));
const long = Array.from({ length: 4 }, (_, index) => `${index} ${prose.repeat(400)}`);
const longMb = Buffer.byteLength(long[0] ?? "") / 1e6;
for (const [name, list] of [
  ...rows.map((row): [string, object[]] => [row.name, [row]]),
  ["all together", rows] as const,
]) {
  const piece = timed(list, pieces);
  const speed = longMb / (timed(list, long) / 1e6);
  process.stdout.write(`${name}: ${piece.toFixed(1)} us for 200 characters, ${speed.toFixed(1)} MB/s\n`);
}
await upstream.close();
