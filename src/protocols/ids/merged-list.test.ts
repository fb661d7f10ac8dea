// Lists of several services as one: whatever the pages, exactly the consumer's objects, in order, each once.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { GatewayError } from "../../core/errors.ts";
import type { IdOwner } from "../../core/id-owner.ts";
import { anthropic, cases, comfyui, dashscope, idsIn, openai } from "./list-fixture.ts";
import type { Case, Thing } from "./list-fixture.ts";
import { maxListPages, MergedList } from "./merged-list.ts";
import { idsOfRoute, listOf } from "./route-ids.ts";
import type { RouteIds } from "./route-ids.ts";

function idsOf({ route }: Case): RouteIds {
  const ids = idsOfRoute(route);
  if (ids === undefined) throw new Error("no ids");
  return ids;
}

const newestFirst = (a: Thing, b: Thing): number => b.createdS - a.createdS || (a.id < b.id ? 1 : -1);

const ownerOf = (each: Case, thing: Thing): IdOwner => ({
  family: each.family,
  id: thing.id,
  service: thing.service,
  key: "main",
  consumer: "app",
  createdMs: thing.createdS * 1000,
  expiresMs: Number.MAX_SAFE_INTEGER,
});

interface Place {
  readonly each: Case;
  readonly things: readonly Thing[];
  readonly pageSize: number;
  readonly forgotten?: readonly Thing[];
  readonly asked?: string[];
}

/** The merged page as a client of the gateway gets it. */
function pageOf({ each, things, pageSize, forgotten = [], asked = [] }: Place, query: string): unknown {
  const ids = idsOf(each);
  const rule = listOf(ids, "GET", each.path);
  if (rule === undefined) throw new Error("no list");
  const owners = things.filter(({ mine }) => mine).map((thing) => ownerOf(each, thing));
  const gone = (id: string): IdOwner | undefined => {
    const thing = forgotten.find((one) => one.id === id);
    return thing && ownerOf(each, thing);
  };
  const list = new MergedList({ rule, query, owners, findForgotten: gone, requestId: "r-1" });
  for (const [index, { service }] of list.sources.entries()) {
    const here = things.filter((thing) => thing.service === service).toSorted(newestFirst);
    for (let next = list.next(index); next !== undefined; next = list.next(index)) {
      asked.push(`${service}?${next}`);
      const answer = each.serve(here, new URLSearchParams(next), pageSize);
      expect(list.add(index, Buffer.from(JSON.stringify(answer)))).toBe(true);
    }
  }
  return JSON.parse(list.result(ids).body);
}

const thingsArbitrary = fc
  .array(
    fc.record({
      service: fc.constantFrom("a", "b", "c"),
      createdS: fc.integer({ min: 1_700_000_000, max: 1_700_000_006 }),
      mine: fc.boolean(),
      purpose: fc.constantFrom("batch", "vision"),
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.map((row, index): Thing => ({ ...row, id: `id-${index}` })));

const sizes = fc.integer({ min: 1, max: 9 });

describe.each(cases)("merged pages of $name", (each) => {
  test("are together the consumer's objects, newest first, each once, whatever the sizes of pages", () => {
    fc.assert(
      fc.property(thingsArbitrary, sizes, sizes, (things, limit, pageSize) => {
        const expected = things.filter(({ mine }) => mine).toSorted(newestFirst);
        const found = each.walk((query) => pageOf({ each, things, pageSize }, query), limit);
        expect(found).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  test("are empty, without asking anybody, for a consumer without objects", () => {
    const asked: string[] = [];
    const things = [{ id: "theirs", service: "a", createdS: 1, mine: false, purpose: "x" }];
    expect(each.walk((query) => pageOf({ each, things, pageSize: 2, asked }, query), 5)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test.each(["<html>", "[]", "null", '"x"'])("are refused when a service answers %s", (body) => {
    const ids = idsOf(each);
    const rule = listOf(ids, "GET", each.path);
    if (rule === undefined) throw new Error("no list");
    const owners = [ownerOf(each, { id: "x", service: "a", createdS: 1, mine: true, purpose: "" })];
    const list = new MergedList({ rule, query: "", owners, findForgotten: () => undefined, requestId: "" });
    expect(list.add(0, Buffer.from(body))).toBe(false);
  });
});

describe("a merged list", () => {
  const thing = (id: string, createdS: number, service = "a", mine = true): Thing => ({
    id,
    service,
    createdS,
    mine,
    purpose: "batch",
  });

  test("goes on after an object that was deleted in between", () => {
    fc.assert(
      fc.property(thingsArbitrary, sizes, fc.constantFrom(openai, anthropic), (things, limit, each) => {
        const mine = things.filter(({ mine: own }) => own).toSorted(newestFirst);
        const deleted: Thing[] = [];
        const found = each.walk((query) => {
          const rest = things.filter((one) => !deleted.includes(one));
          const page = pageOf({ each, things: rest, pageSize: 4, forgotten: deleted }, query);
          const ids = idsIn(page, "id");
          deleted.push(...things.filter(({ id }) => ids.includes(id)));
          return page;
        }, limit);
        expect(found).toEqual(mine.map(({ id }) => id));
      }),
    );
  });

  test("goes on after an object that came in between", () => {
    const things = [thing("a", 3), thing("b", 2, "b"), thing("c", 1)];
    const first = pageOf({ each: openai, things, pageSize: 9 }, "limit=1");
    expect(first).toMatchObject({ has_more: true, first_id: "a", last_id: "a" });
    const second = pageOf(
      { each: openai, things: [...things, thing("new", 4)], pageSize: 9 },
      "limit=5&after=a",
    );
    expect(second).toMatchObject({ data: [{ id: "b" }, { id: "c" }], has_more: false, last_id: "c" });
  });

  test("is turned round for who asks for the oldest first", () => {
    fc.assert(
      fc.property(thingsArbitrary, sizes, (things, limit) => {
        const expected = things
          .filter(({ mine }) => mine)
          .toSorted(newestFirst)
          .toReversed();
        const found = openai.walk(
          (query) => pageOf({ each: openai, things, pageSize: 3 }, `${query}&order=asc`),
          limit,
        );
        expect(found).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  test("is read backwards by Anthropic's before_id", () => {
    const things = ["a", "b", "c", "d", "e"].map((id, index) =>
      thing(id, 9 - index, index % 2 === 0 ? "a" : "b"),
    );
    const page = pageOf({ each: anthropic, things, pageSize: 9 }, "limit=2&before_id=d");
    expect(page).toMatchObject({
      data: [{ id: "b" }, { id: "c" }],
      has_more: true,
      first_id: "b",
      last_id: "c",
    });
    const first = pageOf({ each: anthropic, things, pageSize: 9 }, "limit=2&before_id=b");
    expect(first).toMatchObject({ data: [{ id: "a" }], has_more: false });
  });

  test("leaves filters to the services", () => {
    fc.assert(
      fc.property(thingsArbitrary, sizes, (things, pageSize) => {
        const expected = things
          .filter(({ mine, purpose }) => mine && purpose === "vision")
          .toSorted(newestFirst);
        const page = pageOf({ each: openai, things, pageSize }, "?purpose=vision");
        expect(idsIn(page, "id")).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  test("asks no further than the consumer's oldest object", () => {
    const others = Array.from({ length: 50 }, (_, index) => thing(`o-${index}`, index, "a", false));
    const asked: string[] = [];
    const things = [...others, thing("mine", 45)];
    expect(pageOf({ each: openai, things, pageSize: 10, asked }, "")).toMatchObject({
      data: [{ id: "mine" }],
    });
    expect(asked).toEqual(["a?limit=100"]);
  });

  test("asks a service for a bounded number of pages, and for none twice that does not turn them", () => {
    const others = Array.from({ length: 1000 }, (_, index) => thing(`o-${index}`, index, "a", false));
    const asked: string[] = [];
    const things = [...others, thing("mine", 5000, "b"), thing("old", -1)];
    expect(pageOf({ each: openai, things, pageSize: 1, asked }, "")).toMatchObject({
      data: [{ id: "mine" }],
    });
    expect(asked.filter((query) => query.startsWith("a"))).toHaveLength(maxListPages);
    const stuck: Case = { ...openai, serve: () => ({ data: [{ id: "x" }], has_more: true, last_id: "x" }) };
    const again: string[] = [];
    pageOf({ each: stuck, things: [thing("gone", 1)], pageSize: 1, asked: again }, "");
    expect(again).toEqual(["a?limit=100", "a?limit=100&after=x"]);
  });

  test.each([
    { name: "no number", each: openai, query: "limit=many" },
    { name: "a number too large", each: anthropic, query: "limit=1001" },
    { name: "page 0", each: dashscope, query: "page_no=0" },
    { name: "a cursor of nobody", each: openai, query: "after=never" },
    { name: "another's object as a cursor", each: anthropic, query: "after_id=theirs" },
  ])("refuses $name", ({ each, query }) => {
    const things = [thing("mine", 2), thing("theirs", 1, "a", false)];
    expect(() => pageOf({ each, things, pageSize: 9 }, query)).toThrow(GatewayError);
  });

  test("tells the newest entries of a history unless it is asked for others", () => {
    const things = ["a", "b", "c"].map((id, index) => thing(id, index, index === 1 ? "b" : "a"));
    const history = (query: string): string[] =>
      Object.keys(pageOf({ each: comfyui, things, pageSize: 9 }, query) ?? {});
    expect(history("")).toEqual(["a", "b", "c"]);
    expect(history("?max_items=2")).toEqual(["b", "c"]);
    expect(history("?max_items=1&offset=1")).toEqual(["b"]);
  });

  test("joins queues without others' prompts", () => {
    const ids = idsOfRoute({ name: "comfyui-queue", protocol: "comfyui", path: "/queue" });
    const rule = ids && listOf(ids, "GET", "/queue");
    if (ids === undefined || rule === undefined) throw new Error("no list");
    const owners = [thing("p-3", 3, "b"), thing("p-2", 2), thing("p-1", 1)].map((one) =>
      ownerOf(comfyui, one),
    );
    const list = new MergedList({ rule, query: "", owners, findForgotten: () => undefined, requestId: "" });
    const entry = (id: string): unknown[] => [0, id, { graph: id }, {}, []];
    const answers: Record<string, unknown> = {
      a: { queue_running: [entry("p-1"), entry("theirs")], queue_pending: [entry("p-2"), "odd"] },
      b: { queue_running: [], queue_pending: [entry("p-3"), entry("others")] },
    };
    for (const [index, { service }] of list.sources.entries()) {
      expect(list.next(index)).toBe("");
      expect(list.add(index, Buffer.from(JSON.stringify(answers[service])))).toBe(true);
      expect(list.next(index)).toBeUndefined();
    }
    expect(JSON.parse(list.result(ids).body)).toEqual({
      queue_running: [entry("p-1")],
      queue_pending: [entry("p-2"), entry("p-3")],
    });
  });

  test("tells the files of the batches that it shows, with their places", () => {
    const ids = idsOfRoute({ name: "batches", protocol: "openai", path: "/v1/batches" });
    const rule = ids && listOf(ids, "GET", "/v1/batches");
    const recording = loadRecordings("dashscope-compat").find(({ name }) => name.includes("search-status"));
    if (ids === undefined || rule === undefined || recording === undefined) throw new Error("no list");
    const batch: IdOwner = {
      ...ownerOf(openai, thing("batch_5b57e198-203e-49c8-bcc3-65e997d51754", 1)),
      family: "openai-batch",
    };
    const list = new MergedList({
      rule,
      query: "?limit=2",
      owners: [batch],
      findForgotten: () => undefined,
      requestId: "",
    });
    expect(list.next(0)).toBe("limit=100");
    expect(list.add(0, recording.body)).toBe(true);
    const { body, made } = list.result(ids);
    expect(idsIn(JSON.parse(body), "id")).toEqual([batch.id]);
    expect(made).toMatchObject([
      { family: "openai-file", id: "file-batch_output-c5f57bf1fbc749cdae9676ba", service: "a", key: "main" },
    ]);
  });

  test.each([
    {
      name: "null as an empty list",
      file: "dashscope-compat/cnb.list-batches-empty-compatible-nosse#0",
      each: openai,
    },
    { name: "a page of tasks", file: "dashscope-task/cnb.list-task-nosse#0", each: dashscope },
  ])("takes the recorded $name", ({ file, each }) => {
    const recording = ["dashscope-compat", "dashscope-task"]
      .flatMap(loadRecordings)
      .find(({ name }) => name === file);
    const rule = listOf(idsOf(each), "GET", each.path);
    if (recording === undefined || rule === undefined) throw new Error("no recording");
    const id = "6075262c-b56d-4968-9abf-2a9784a90f3e";
    const owners = [ownerOf(each, thing(id, 1))];
    const list = new MergedList({
      rule,
      query: "",
      owners,
      findForgotten: () => undefined,
      requestId: "r-1",
    });
    expect(list.add(0, recording.body)).toBe(true);
    expect(list.next(0)).toBeUndefined();
    const page: unknown = JSON.parse(list.result(idsOf(each)).body);
    expect(page).toMatchObject(
      each === openai ? { data: [], has_more: false } : { total: 1, request_id: "r-1" },
    );
  });
});
