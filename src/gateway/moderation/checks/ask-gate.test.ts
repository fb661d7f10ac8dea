// How many questions a check asks at once, how many wait, and when it asks none.
import { expect, test } from "vitest";
import { TestClock } from "../../runtime-fixture.ts";
import { AskGate } from "./ask-gate.ts";

const stays = new AbortController().signal;

/** Questions that are answered when the test says so. */
function opened() {
  const clock = new TestClock();
  const gate = new AskGate(clock);
  const open: PromiseWithResolvers<string>[] = [];
  const ask = (signal = stays): Promise<string> =>
    gate.run(() => {
      const question = Promise.withResolvers<string>();
      open.push(question);
      return question.promise;
    }, signal);
  return { clock, gate, open, ask };
}

test("no more than 32 are asked at once, and every one in the end", async () => {
  const { open, ask } = opened();
  const answers = Array.from({ length: 96 }, () => ask());
  for (let round = 1; round <= 3; round += 1) {
    await Promise.resolve();
    expect(open.length).toBe(32 * round);
    for (const question of open.slice(32 * (round - 1))) question.resolve("ok");
    await Promise.all(answers.slice(32 * (round - 1), 32 * round));
  }
  await expect(Promise.all(answers)).resolves.toEqual(Array.from({ length: 96 }, () => "ok"));
});

test("no more than 256 wait", async () => {
  const { open, ask } = opened();
  const answers = Array.from({ length: 32 + 256 }, () => ask());
  await expect(ask()).rejects.toThrow("busy");
  while (open.length > 0)
    for (const question of open.splice(0)) {
      question.resolve("ok");
      await question.promise;
      await new Promise(setImmediate);
    }
  expect((await Promise.all(answers)).length).toBe(288);
});

test("whoever leaves waits no longer, and nobody waits for him", async () => {
  const { open, ask } = opened();
  const first = Array.from({ length: 32 }, () => ask());
  const left = new AbortController();
  const gone = ask(left.signal);
  const next = ask();
  left.abort();
  await expect(gone).rejects.toThrow("left");
  for (const question of open.splice(0)) question.resolve("ok");
  await Promise.all(first);
  await new Promise(setImmediate);
  expect(open.length).toBe(1);
  open[0]?.resolve("ok");
  await expect(next).resolves.toBe("ok");
});

test("after eight failures nothing is asked for two seconds, then one decides", async () => {
  const { clock, gate } = opened();
  let asked = 0;
  const fail = (): Promise<never> => {
    asked += 1;
    return Promise.reject(new Error("no"));
  };
  for (let count = 0; count < 8; count += 1) await expect(gate.run(fail, stays)).rejects.toThrow("no");
  await expect(gate.run(fail, stays)).rejects.toThrow("resting");
  clock.nowMs += 2_000;
  await expect(gate.run(fail, stays)).rejects.toThrow("no");
  await expect(gate.run(fail, stays)).rejects.toThrow("resting");
  clock.nowMs += 2_000;
  await expect(gate.run(() => Promise.resolve("ok"), stays)).resolves.toBe("ok");
  await expect(gate.run(fail, stays)).rejects.toThrow("no");
  await expect(gate.run(() => Promise.resolve("ok"), stays)).resolves.toBe("ok");
  expect(asked).toBe(10);
});

test("clients that leave say nothing of whom is asked", async () => {
  const { gate } = opened();
  const left = new AbortController();
  left.abort();
  for (let count = 0; count < 20; count += 1) {
    await expect(gate.run(() => Promise.reject(new Error("left")), left.signal)).rejects.toThrow("left");
  }
  await expect(gate.run(() => Promise.resolve("ok"), stays)).resolves.toBe("ok");
});
