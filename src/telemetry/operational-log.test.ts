import { describe, expect, test } from "vitest";
import { createOperationalLog, logLevels, type LogFields, type LogLevel } from "./operational-log.ts";

function createLog(level: LogLevel, isTTY?: boolean) {
  const written: string[] = [];
  const target = { isTTY, write: (text: string) => written.push(text) };
  return {
    written,
    log: createOperationalLog({ level, target, wallMs: () => Date.UTC(2030, 0, 2, 3, 4, 5, 6) }),
  };
}

describe("the level", () => {
  test.each([
    ["error", ["error"]],
    ["warn", ["error", "warn"]],
    ["info", ["error", "warn", "info"]],
    ["debug", ["error", "warn", "info", "debug"]],
  ] as const)("%s lets through what is as grave or graver", (level, expected) => {
    const { log, written } = createLog(level);
    for (const each of logLevels) log[each]("event");
    expect(written.map((line) => /"level":"(\w+)"/.exec(line)?.[1])).toEqual(expected);
  });
});

describe("for machines", () => {
  function entryOf(fields: LogFields): unknown {
    const { log, written } = createLog("info", false);
    log.info("worker-died", fields);
    expect(written).toHaveLength(1);
    expect(written[0]?.indexOf("\n")).toBe((written[0]?.length ?? 0) - 1);
    return JSON.parse(written[0] ?? "");
  }

  const base = { time: "2030-01-02T03:04:05.006Z", level: "info", event: "worker-died" };

  test.each([
    ["no fields", {}, base],
    [
      "fields of every kind",
      { a: "x", b: 1.5, c: true, d: null },
      { ...base, a: "x", b: 1.5, c: true, d: null },
    ],
    ["a field that is left out", { a: undefined, b: 1 }, { ...base, b: 1 }],
    ["line ends and quotes", { message: 'a\n"b"\r\\' }, { ...base, message: 'a\n"b"\r\\' }],
  ])("one JSON line: %s", (_, fields, expected) => {
    expect(entryOf(fields)).toEqual(expected);
  });

  test("fields cannot stand in for time, level and event", () => {
    expect(entryOf({ time: "x", level: "debug", event: "y" })).toEqual(base);
  });

  test("without a terminal to ask it is JSON as well", () => {
    const { log, written } = createLog("info");
    log.warn("event");
    expect(written[0]).toMatch(/^\{.*\}\n$/);
  });
});

describe("for a person at a terminal", () => {
  test.each([
    ["no fields", {}, "info  started\n"],
    [
      "fields",
      { port: 8080, demo: true, host: "0.0.0.0" },
      "info  started port=8080 demo=true host=0.0.0.0\n",
    ],
    ["a sentence", { message: "It works." }, "info  started message=It works.\n"],
    ["a field that is left out", { a: undefined, b: null }, "info  started b=null\n"],
    ["line ends", { message: "a\nerror  made-up\r\tb" }, "info  started message=a\\nerror  made-up\\r\\tb\n"],
    [
      "commands to the terminal",
      { message: "\u001b[2Jx\u007f\u009b1m" },
      "info  started message=\\u001b[2Jx\\u007f\\u009b1m\n",
    ],
    ["letters of other scripts", { name: "\u00fc\u6f22" }, "info  started name=\u00fc\u6f22\n"],
  ])("a short line: %s", (_, fields, expected) => {
    const { log, written } = createLog("info", true);
    log.info("started", fields);
    expect(written).toEqual([expected]);
  });
});
