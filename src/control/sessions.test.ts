// What is kept of sessions: over a restart, within bounds, and when the store fails.
import { createHash, randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { absoluteEndMs, idleEndMs, openSessions } from "./sessions.ts";
import type { SessionFile, Sessions } from "./sessions.ts";

interface Scene {
  readonly file: SessionFile;
  /** What is kept now. */
  readonly kept: () => string | undefined;
  readonly writes: () => number;
  readonly problems: unknown[];
  open(): Promise<Sessions>;
  advance(milliseconds: number): void;
}

function scene(kept?: string): Scene {
  let text = kept;
  let nowMs = Date.UTC(2026, 0, 1);
  let writes = 0;
  const problems: unknown[] = [];
  const file: SessionFile = {
    read: async () => text,
    write: async (next) => {
      text = next;
      writes += 1;
    },
  };
  return {
    file,
    kept: () => text,
    writes: () => writes,
    problems,
    open: () =>
      openSessions({ file, randomBytes, wallMs: () => nowMs, onProblem: (error) => problems.push(error) }),
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
  };
}

const ada = { user: "ada", passwordMark: "mark" };

test("a session outlives a restart, and only the hash of its id is kept", async () => {
  const { open, kept } = scene();
  const id = await (await open()).start(ada);
  expect(Buffer.from(id, "base64url")).toHaveLength(32);
  expect(kept()).not.toContain(id);
  expect(kept()).toContain(createHash("sha256").update(id).digest("hex"));
  expect((await open()).find(id)).toMatchObject(ada);
  expect((await open()).find("a".repeat(43))).toBeUndefined();
});

test("what has ended does not come back with a restart", async () => {
  const { open } = scene();
  const sessions = await open();
  const [closed, gone, left] = [
    await sessions.start(ada),
    await sessions.start({ ...ada, user: "bob" }),
    await sessions.start(ada),
  ];
  await sessions.end(closed);
  await sessions.endAll(({ user }) => user === "bob");
  const again = await open();
  expect([closed, gone, left].map((id) => again.find(id) !== undefined)).toEqual([false, false, true]);
});

test("the times run on over a restart", async () => {
  const { open, advance } = scene();
  const id = await (await open()).start(ada);
  advance(idleEndMs - 1);
  expect((await open()).find(id)).toBeDefined();
  advance(1);
  expect((await open()).find(id)).toBeUndefined();
});

test("a use is written down, though not each", async () => {
  const { open, advance, writes } = scene();
  const sessions = await open();
  const id = await sessions.start(ada);
  for (let minutes = 0; minutes < 60; minutes += 1) {
    advance(60_000);
    sessions.find(id);
    await nextTurn();
  }
  expect(writes()).toBe(7);
  advance(idleEndMs - 60_000);
  expect((await open()).find(id)).toBeDefined();
});

test("the absolute end comes whatever the use", async () => {
  const { open, advance } = scene();
  const sessions = await open();
  const id = await sessions.start(ada);
  for (let passed = 0; passed < absoluteEndMs - 3_600_000; passed += 3_600_000) {
    advance(3_600_000);
    expect(sessions.find(id)).toBeDefined();
  }
  advance(3_600_000);
  expect(sessions.find(id)).toBeUndefined();
});

test("beyond a thousand the one that was used least recently goes", async () => {
  const { open, advance, kept } = scene();
  const sessions = await open();
  const ids: string[] = [];
  for (let index = 0; index < 1001; index += 1) {
    advance(1);
    ids.push(await sessions.start({ ...ada, user: `user-${index}` }));
    if (index === 500) sessions.find(ids[0] ?? "");
  }
  expect([0, 1, 2, 1000].map((index) => sessions.find(ids[index] ?? "") !== undefined)).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(JSON.parse(kept() ?? "")).toHaveLength(1000);
});

test.each([
  ["no JSON", "{"],
  ["no list", '{"hash":"x"}'],
  [
    "rows of another form",
    '[null, 1, {"hash": 1}, {"hash":"x","user":"ada","passwordMark":"m","createdMs":"1"}]',
  ],
])("%s is no session, and new ones work", async (_name, kept) => {
  const { open } = scene(kept);
  const sessions = await open();
  const id = await sessions.start(ada);
  expect(sessions.find(id)).toMatchObject(ada);
});

test("while the store cannot be written sessions last as long as the process, and it is told", async () => {
  const { open, file, problems } = scene();
  const failure = new Error("disk full");
  file.write = () => Promise.reject(failure);
  const sessions = await open();
  const id = await sessions.start(ada);
  expect(sessions.find(id)).toMatchObject(ada);
  await sessions.end(id);
  expect(sessions.find(id)).toBeUndefined();
  expect(problems).toEqual([failure, failure]);
});
