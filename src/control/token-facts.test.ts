// What is told of tokens: who made them, when they were used last, and that they have ended.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openApi } from "./admin-api-fixture.ts";
import type { ApiFixture } from "./admin-api-fixture.ts";
import { startMs } from "./configuration-fixture.ts";
import { openLastUses } from "./last-uses.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await openApi();
});
afterEach(() => fixture.close());

const isoAt = (ms: number): string => new Date(startMs + ms).toISOString();
const read = async (name: string) => (await fixture.ask(`GET /api/v1/tokens/${name}`)).body;

test("a token that was never used says so, and who made it", async () => {
  await fixture.tokenOf("viewer");
  expect(await read("t-viewer")).toMatchObject({
    expired: false,
    lastUsedAt: null,
    createdAt: isoAt(0),
    createdBy: "environment",
  });
});

test("its last use is told at once, in the list too, and not what it was refused for", async () => {
  const token = await fixture.tokenOf("viewer");
  fixture.advance(5_000);
  await fixture.ask("GET /api/v1/services", { token });
  fixture.advance(1_000);
  await fixture.ask("GET /api/v1/services", { token: `${token}x` });
  expect((await read("t-viewer"))["lastUsedAt"]).toBe(isoAt(5_000));
  const { body } = await fixture.ask("GET /api/v1/tokens");
  expect(body["items"]).toEqual([expect.objectContaining({ name: "t-viewer", lastUsedAt: isoAt(5_000) })]);
});

test("one that has ended is shown as such, and no use is counted any more", async () => {
  const expiresAt = isoAt(1_000);
  const made = await fixture.ask("POST /api/v1/tokens", {
    body: { name: "short", role: "viewer", expiresAt },
  });
  fixture.advance(1_000);
  await fixture.ask("GET /api/v1/services", { token: String(made.body["token"]) });
  expect(await read("short")).toMatchObject({ expired: true, lastUsedAt: null });
});

test("what was read can be sent back", async () => {
  await fixture.tokenOf("viewer");
  const body = await read("t-viewer");
  expect((await fixture.ask("PUT /api/v1/tokens/t-viewer", { body })).status).toBe(200);
});

test("uses are kept over a restart as they were ten minutes ago at most, and written once in that time", async () => {
  let text: string | undefined;
  let writes = 0;
  let nowMs = startMs;
  const problems: unknown[] = [];
  const open = () =>
    openLastUses({
      file: {
        read: async () => text,
        write: async (next) => {
          text = next;
          writes += 1;
        },
      },
      wallMs: () => nowMs,
      onProblem: (error) => problems.push(error),
    });
  const uses = await open();
  for (let use = 0; use < 100; use += 1) {
    uses.note("aa");
    nowMs += 1_000;
  }
  expect(uses.lastMs("aa")).toBe(startMs + 99_000);
  await expect.poll(() => writes).toBe(1);
  const again = await open();
  expect([again.lastMs("aa"), again.lastMs("bb")]).toEqual([startMs, undefined]);
  text = "{";
  await open();
  expect(problems).toHaveLength(1);
});
