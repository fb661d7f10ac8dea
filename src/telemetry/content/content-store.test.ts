// Recorded content: put once, found by its words, removed by day, and never in the way of a start.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ContentStore } from "./content-store.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const day = 24 * 60 * 60 * 1000;

let dir = "";
let store: ContentStore;
let problems: string[] = [];

function reopen(): void {
  store.close();
  open();
}

function open(): void {
  store = new ContentStore({ dir, onProblem: ({ message }) => problems.push(message) });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "moongate-content-"));
  problems = [];
  open();
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Whether a search finds the one exchange that holds this text. */
function finds(text: string, search: string): boolean {
  store.put([{ requestId: text, endedMs: noon, request: text }]);
  return store.search(search, null, null, 10).requestIds.includes(text);
}

const found: readonly [name: string, text: string, search: string][] = [
  ["a word", "the quick brown fox", "quick"],
  ["a word in other case", "The Quick brown fox", "qUICK"],
  ["a word without its accents", "un café très chaud", "cafe tres"],
  ["words in any order", "the quick brown fox", "fox quick"],
  ["a phrase", "the quick brown fox", '"quick brown"'],
  ["a phrase that nobody closed", "the quick brown fox", '"quick brown'],
  ["a word of JSON", '{"messages":[{"role":"user","content":"hello"}]}', "hello user"],
  ["a name with a hyphen", "model gpt-4o-mini answers", "gpt-4o-mini"],
  ["a Chinese word of two characters", "请检查数据库连接", "数据"],
  ["a Chinese word at the end", "请检查数据库连接", "连接"],
  ["a Chinese word of three characters", "请检查数据库连接", "数据库"],
  ["one Chinese character", "请检查数据库连接", "库"],
  ["the last Chinese character", "请检查数据库连接", "接"],
  ["a Chinese phrase over a comma", "你好，世界", '"你好，世界"'],
  ["Chinese beside Latin", "我的iPhone手机坏了", "iPhone手机"],
  ["Japanese", "データベースに接続できません", "データベース"],
  ["Korean", "데이터베이스에 연결할 수 없습니다", "데이터"],
  ["a character beyond the first plane", "𠮷野家", "𠮷野"],
  ["words that are syntax of the index", "this AND that OR NOT NEAR", "NOT OR"],
  ["a column that is none", "request: something", "request:something"],
];

const notFound: readonly [name: string, text: string, search: string][] = [
  ["a word that is not there", "the quick brown fox", "slow"],
  ["one of two words", "the quick brown fox", "quick slow"],
  ["a phrase in other order", "the quick brown fox", '"brown quick"'],
  ["Chinese characters that are not neighbours", "数据和数库", "据库"],
  ["nothing", "the quick brown fox", "   "],
  ["no word", "the quick brown fox", '" * ( ) : ^'],
];

describe("search", () => {
  test.each(found)("finds %s", (_name, text, search) => {
    expect(finds(text, search)).toBe(true);
  });

  test.each(notFound)("does not find %s", (_name, text, search) => {
    expect(finds(text, search)).toBe(false);
  });

  test("whatever is typed is never syntax", () => {
    store.put([{ requestId: "one", endedMs: noon, request: "words" }]);
    const typed = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...Array.from('"*()^:+-{}\0 aNOT数据')) }),
    );
    fc.assert(fc.property(typed, (text) => Array.isArray(store.search(text, null, null, 5).requestIds)));
  });

  test("any piece of a text with spaces around it is found in it as a phrase", () => {
    const words = fc.array(
      fc.string({
        unit: fc.constantFrom(...Array.from("abcxyz数据库连接あいう")),
        minLength: 1,
        maxLength: 6,
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, first, count) => {
        const from = first % all.length;
        const phrase = all.slice(from, from + 1 + (count % (all.length - from))).join(" ");
        return finds(all.join(" "), `"${phrase}"`);
      }),
    );
  });

  test("request and answer are both looked through, and words may stand in either", () => {
    store.put([{ requestId: "one", endedMs: noon, request: "question", response: "answer" }]);
    expect(store.search("question answer", null, null, 5).requestIds).toEqual(["one"]);
    expect(store.search('"question answer"', null, null, 5).requestIds).toEqual([]);
  });

  test("the newest come first, over days, and what does not fit is told", () => {
    const items = Array.from({ length: 6 }, (_, index) => ({
      requestId: `r${index}`,
      endedMs: noon + (index - 3) * (day / 3),
      request: "same",
    }));
    store.put(items.toReversed());
    expect(store.search("same", null, null, 10)).toEqual({
      requestIds: ["r5", "r4", "r3", "r2", "r1", "r0"],
      clipped: false,
    });
    expect(store.search("same", null, null, 6).clipped).toBe(false);
    expect(store.search("same", null, null, 4)).toEqual({
      requestIds: ["r5", "r4", "r3", "r2"],
      clipped: true,
    });
  });

  test("a span of time holds its beginning and not its end", () => {
    for (const [requestId, endedMs] of [
      ["before", noon - 1],
      ["first", noon],
      ["last", noon + 999],
      ["after", noon + 1000],
    ] as const) {
      store.put([{ requestId, endedMs, request: "same" }]);
    }
    expect(store.search("same", noon, noon + 1000, 10).requestIds).toEqual(["last", "first"]);
  });
});

describe("put and get", () => {
  test("gives what was put, after a restart too", () => {
    const request = `{"content":"${"long ".repeat(30_000)}数据"}`;
    store.put([{ requestId: "one", endedMs: noon, request, response: "answer" }]);
    store.put([{ requestId: "two", endedMs: noon - day, response: "" }]);
    reopen();
    expect(store.get("one")).toEqual({ request, response: "answer" });
    expect(store.get("two")).toEqual({ request: undefined, response: "" });
    expect(store.get("three")).toBeUndefined();
  });

  test("the same again changes nothing", () => {
    const item = { requestId: "one", endedMs: noon, request: "first" };
    store.put([item, { requestId: "two", endedMs: noon, request: "first" }]);
    store.put([{ ...item, request: "second" }, item]);
    expect(store.get("one")?.request).toBe("first");
    expect(store.search("first", null, null, 10).requestIds).toEqual(["two", "one"]);
  });

  test("files are the owner's alone", () => {
    store.put([{ requestId: "one", endedMs: noon, request: "a" }]);
    const modes = readdirSync(dir).map((name) => statSync(join(dir, name)).mode & 0o077);
    expect(modes).toEqual(modes.map(() => 0));
    expect(modes.length).toBeGreaterThan(0);
  });
});

describe("files", () => {
  test("whole days go when their content is old enough", () => {
    for (const back of [0, 1, 2, 3]) {
      store.put([{ requestId: `r${back}`, endedMs: noon - back * day, request: "same" }]);
    }
    expect(store.sweep(noon, 2)).toBe(1);
    expect(store.search("same", null, null, 10).requestIds).toEqual(["r0", "r1", "r2"]);
    expect(store.get("r3")).toBeUndefined();
    expect(readdirSync(dir).filter((name) => name.startsWith("2026-11-19"))).toEqual([]);
    expect(store.sweep(noon, 2)).toBe(0);
  });

  test("a damaged file is moved aside and told, and the day begins anew", () => {
    store.close();
    writeFileSync(
      join(dir, "2026-11-22-content.db"),
      "this is no database, but it is long enough ".repeat(50),
    );
    open();
    expect(problems).toEqual([expect.stringContaining("damaged")]);
    store.put([{ requestId: "one", endedMs: noon, request: "a" }]);
    expect(store.get("one")?.request).toBe("a");
    expect(readdirSync(dir)).toContain("2026-11-22-content.db.damaged");
  });

  test("a file of a newer version is left alone and told", () => {
    store.put([{ requestId: "old", endedMs: noon - day, request: "a" }]);
    const path = join(dir, "2026-11-22-content.db");
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    reopen();
    expect(problems).toEqual([expect.stringContaining("newer version")]);
    store.put([{ requestId: "one", endedMs: noon, request: "a" }]);
    expect(store.search("a", null, null, 5).requestIds).toEqual(["old"]);
  });
});
