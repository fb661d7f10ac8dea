import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { spokenStreams, type SpokenStream } from "../../../test/support/spoken-streams.ts";
import type { ModerationFinding } from "../../core/exchange-record.ts";
import type { RouteProtocol } from "../../core/protocol.ts";
import { ArrayBlocks, EventBlocks } from "../../lib/stream-blocks.ts";
import { streamTextsOf } from "../../protocols/content/stream-texts.ts";
import type { ModerationCheck } from "./check.ts";
import { Judge } from "./judge.ts";
import { ModeratedStream } from "./moderated-stream.ts";
import type { ModerationPolicy } from "./policy.ts";

const phrase = "verboten!";

/** Finds a phrase; told of every text that it is asked about. */
function phraseCheck(wanted: string, more: Partial<ModerationCheck> = {}): ModerationCheck {
  return {
    name: "phrase",
    on: ["response"],
    action: "block",
    reach: wanted.length,
    remote: false,
    text: (text) => {
      const finds = [];
      for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
        const risk = "high" as const;
        const dimension = "content-compliance" as const;
        finds.push({ dimension, risk, label: "phrase", start: at, end: at + wanted.length });
      }
      return finds;
    },
    ...more,
  };
}

function policyOf(checks: readonly ModerationCheck[]): ModerationPolicy {
  return {
    dryRun: false,
    request: true,
    response: true,
    images: false,
    onError: "block",
    windowCharacters: 20,
    checks,
    rules: [],
  };
}

interface Run {
  readonly out: string;
  readonly blocked: boolean;
  readonly findings: readonly ModerationFinding[];
}

interface Source {
  readonly protocol: RouteProtocol;
  readonly type: string;
  readonly repeats: boolean;
}

function started(source: Source, checks: readonly ModerationCheck[]) {
  const findings: ModerationFinding[] = [];
  const judge = new Judge(
    policyOf(checks),
    { direction: "response", consumer: "", requestId: "r", api: "chat" },
    { moderation: findings },
  );
  const out: Buffer[] = [];
  const moves: (() => void)[] = [];
  const stream = new ModeratedStream(
    judge,
    {
      texts: streamTextsOf(source.protocol),
      cutter: source.type === "application/json" ? new ArrayBlocks() : new EventBlocks(),
      repeats: source.repeats,
    },
    {
      release: (bytes) => out.push(bytes),
      moved: () => moves.shift()?.(),
      failed: (error) => {
        throw error;
      },
    },
  );
  const run = (): Run => ({ out: Buffer.concat(out).toString(), blocked: judge.blocked, findings });
  return { stream, judge, run };
}

function passed(source: Source, pieces: readonly Buffer[], check: ModerationCheck): Run {
  const { stream, judge, run } = started(source, [check]);
  for (const piece of pieces) {
    if (judge.blocked) return run();
    stream.push(piece);
  }
  stream.finish();
  return run();
}

function cutEvery(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

const sourceOf = (spoken: SpokenStream): Source => ({
  ...spoken,
  repeats: spoken.protocol === "dashscope" && !spoken.body.includes("incremental_output"),
});

/** What can be read of a stream that goes on no further. */
function closed({ type }: SpokenStream, out: string): string {
  if (type !== "application/json") return out;
  return out === "" ? "[]" : `${out}]`;
}

const before = "Once upon a time there was a word that nobody was allowed to say: ";
const after = " And that was that, for a very long time indeed.";

describe.each(Object.entries(spokenStreams))("%s", (_name, spoken) => {
  const source = sourceOf(spoken);

  test("a phrase cut at every character never leaves as a whole, whatever the chunks", () => {
    for (let cut = 1; cut < phrase.length; cut++) {
      const pieces = [
        before.slice(0, 30),
        before.slice(30) + phrase.slice(0, cut),
        phrase.slice(cut) + after,
      ];
      const bytes = Buffer.from(spoken.speak(pieces));
      for (let at = 1; at < bytes.length; at++) {
        const { out, blocked } = passed(
          source,
          [bytes.subarray(0, at), bytes.subarray(at)],
          phraseCheck(phrase),
        );
        expect(blocked).toBe(true);
        expect(before.startsWith(spoken.hear(closed(spoken, out)))).toBe(true);
      }
    }
  });

  test("a phrase said letter by letter never leaves, and what came before does", () => {
    const bytes = Buffer.from(spoken.speak((before + phrase + after).split("")));
    for (const size of [1, 2, 3, 7, 64, 1_000, bytes.length]) {
      const { out, blocked } = passed(source, cutEvery(bytes, size), phraseCheck(phrase));
      expect(blocked).toBe(true);
      const heard = spoken.hear(closed(spoken, out));
      // As much is held as a find may still cover.
      expect(before.startsWith(heard)).toBe(true);
      expect(heard.length).toBeGreaterThanOrEqual(before.length - 2 * phrase.length);
    }
  });

  test("with nothing to find every byte leaves as it came", () => {
    const text = `${before}\u00fc\u{1f600} "quoted" \\ and\nlines${after}`;
    const bytes = Buffer.from(spoken.speak(text.split("")));
    for (const size of [1, 5, 100, bytes.length]) {
      const { out, findings } = passed(source, cutEvery(bytes, size), phraseCheck(phrase));
      expect(out).toBe(bytes.toString());
      expect(findings).toEqual([]);
    }
  });

  test("what is masked is masked once, wherever it was cut", () => {
    for (let cut = 1; cut < phrase.length; cut++) {
      const pieces = [before + phrase.slice(0, cut), phrase.slice(cut) + after];
      const bytes = Buffer.from(spoken.speak(pieces));
      const { out, findings } = passed(source, cutEvery(bytes, 50), phraseCheck(phrase, { action: "mask" }));
      const heard = spoken.hear(out);
      const once = `${before}[phrase]${after}`;
      // Responses say the whole text again at its end.
      expect(heard).toBe(spoken.protocol === "openai-responses" ? once + once : once);
      expect(findings.map(({ action, count }) => [action, count])).toEqual([["mask", 1]]);
    }
  });

  test("a phrase at the very end is found", () => {
    const bytes = Buffer.from(spoken.speak([before, phrase]));
    expect(passed(source, [bytes], phraseCheck(phrase)).blocked).toBe(true);
  });

  test("a stream that breaks off lets nothing go that was not judged", () => {
    const bytes = Buffer.from(spoken.speak([before, phrase]));
    for (let end = 0; end <= bytes.length; end += 13) {
      const { out } = passed(source, [bytes.subarray(0, end)], phraseCheck(phrase));
      expect(out).not.toContain(phrase);
    }
  });
});

describe("a remote check", () => {
  const spoken = spokenStreams["OpenAI chat"];
  if (spoken === undefined) throw new Error("there is no such stream");

  test("is asked piece by piece with what came before, and finds what was cut in two", async () => {
    const asked: string[] = [];
    const local = phraseCheck(phrase);
    const remote: ModerationCheck = {
      ...local,
      reach: 0,
      remote: true,
      text: (text, question) => {
        asked.push(text);
        return Promise.resolve(local.text(text, question));
      },
    };
    const { stream, run } = started(sourceOf(spoken), [remote]);
    const text = `${before}${phrase}`;
    for (const letter of text) {
      stream.push(Buffer.from(spoken.speak([letter]).split("\n\n")[0] + "\n\n"));
      await new Promise(setImmediate);
    }
    stream.finish();
    await new Promise(setImmediate);
    const { out, blocked } = run();
    expect(blocked).toBe(true);
    expect(spoken.hear(out)).toBe(text.slice(0, 60));
    expect(asked.map((each) => each.length)).toEqual([20, 40, 40, text.length - 40]);
  });
});

describe("recorded streams", () => {
  const folders = [
    "openai-chat",
    "openai-completions",
    "openai-responses",
    "anthropic",
    "dashscope",
    "gemini",
  ];
  const protocols: Readonly<Record<string, RouteProtocol>> = {
    anthropic: "anthropic",
    "openai-responses": "openai-responses",
    dashscope: "dashscope",
    gemini: "gemini",
  };
  const rows = folders
    .flatMap(loadRecordings)
    .filter(({ stream, status }) => stream && status === 200)
    .map((recording) => [recording.name, recording] as const);

  test.each(rows)("%s passes byte for byte", (_name, { protocol, body, contentType }) => {
    const source = {
      protocol: protocols[protocol] ?? "openai",
      type: contentType.startsWith("application/json") ? "application/json" : "text/event-stream",
      repeats: protocol === "dashscope",
    };
    const never = phraseCheck("\u0000never");
    for (const size of [7, 1_000, body.length]) {
      expect(passed(source, cutEvery(body, size), never).out).toBe(body.toString());
    }
  });
});
