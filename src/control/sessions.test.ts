// What is kept of sessions: over a restart, within bounds, and when the store fails.
import { createHash, randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { openSessions } from "./sessions.ts";
import type { SessionFile, SessionLimits, Sessions } from "./sessions.ts";

const idleMs = 1_800_000;
const absoluteMs = 43_200_000;
const here = { address: "203.0.113.1", agent: "Browser/1" };

interface Scene {
  /** May be set while sessions run. */
  limits: SessionLimits;
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
  const opened: Scene = {
    limits: { idleMs, absoluteMs },
    file,
    kept: () => text,
    writes: () => writes,
    problems,
    open: () =>
      openSessions({
        file,
        randomBytes,
        wallMs: () => nowMs,
        limits: () => opened.limits,
        onProblem: (error) => problems.push(error),
      }),
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
  };
  return opened;
}

const ada = { user: "ada", passwordMark: "mark" };

test("a session outlives a restart, and only the hash of its id is kept", async () => {
  const { open, kept } = scene();
  const id = await (await open()).start(ada, here);
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
    await sessions.start(ada, here),
    await sessions.start({ ...ada, user: "bob" }, here),
    await sessions.start(ada, here),
  ];
  await sessions.end(closed);
  await sessions.endAll(({ user }) => user === "bob");
  const again = await open();
  expect([closed, gone, left].map((id) => again.find(id) !== undefined)).toEqual([false, false, true]);
});

test("the times run on over a restart", async () => {
  const { open, advance } = scene();
  const id = await (await open()).start(ada, here);
  advance(idleMs - 1);
  expect((await open()).find(id)).toBeDefined();
  advance(1);
  expect((await open()).find(id)).toBeUndefined();
});

test("a use is written down, though not each", async () => {
  const { open, advance, writes } = scene();
  const sessions = await open();
  const id = await sessions.start(ada, here);
  for (let seconds = 0; seconds < 360; seconds += 10) {
    advance(10_000);
    sessions.find(id);
    await nextTurn();
  }
  expect(writes()).toBe(7);
  advance(idleMs - 60_000);
  expect((await open()).find(id)).toBeDefined();
});

test("the absolute end comes whatever the use", async () => {
  const { open, advance } = scene();
  const sessions = await open();
  const id = await sessions.start(ada, here);
  for (let passed = 0; passed < absoluteMs - 1_200_000; passed += 1_200_000) {
    advance(1_200_000);
    expect(sessions.find(id)).toBeDefined();
  }
  advance(1_200_000);
  expect(sessions.find(id)).toBeUndefined();
});

test("shorter times hold at once, for sessions that run too", async () => {
  const opened = scene();
  const sessions = await opened.open();
  const id = await sessions.start(ada, here);
  opened.advance(600_000);
  opened.limits = { idleMs: 600_001, absoluteMs };
  expect(sessions.find(id)).toBeDefined();
  opened.advance(600_000);
  opened.limits = { idleMs, absoluteMs: 1_200_000 };
  expect([sessions.find(id), sessions.of("ada")]).toEqual([undefined, []]);
});

test("lists name sessions by what opens nothing, and say where they were opened", async () => {
  const { open, advance } = scene();
  const sessions = await open();
  const first = await sessions.start(ada, { address: "203.0.113.2", agent: "x".repeat(300) });
  advance(1_000);
  await sessions.start(ada, here);
  await sessions.start({ ...ada, user: "bob" }, here);
  const listed = (await open()).of("ada");
  expect(listed.map(({ address, agent }) => [address, agent.length])).toEqual([
    ["203.0.113.1", 9],
    ["203.0.113.2", 256],
  ]);
  expect(JSON.stringify(listed)).not.toContain(first);
  expect(sessions.find(listed[1]?.handle ?? "")).toBeUndefined();
  await sessions.endAll(({ handle }) => handle === listed[1]?.handle);
  expect([sessions.find(first), sessions.of("ada").length]).toEqual([undefined, 1]);
});

test("beyond a thousand the one that was used least recently goes", async () => {
  const { open, advance, kept } = scene();
  const sessions = await open();
  const ids: string[] = [];
  for (let index = 0; index < 1001; index += 1) {
    advance(1);
    ids.push(await sessions.start({ ...ada, user: `user-${index}` }, here));
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
  const id = await sessions.start(ada, here);
  expect(sessions.find(id)).toMatchObject(ada);
});

test("while the store cannot be written sessions last as long as the process, and it is told", async () => {
  const { open, file, problems } = scene();
  const failure = new Error("disk full");
  file.write = () => Promise.reject(failure);
  const sessions = await open();
  const id = await sessions.start(ada, here);
  expect(sessions.find(id)).toMatchObject(ada);
  await sessions.end(id);
  expect(sessions.find(id)).toBeUndefined();
  expect(problems).toEqual([failure, failure]);
});
