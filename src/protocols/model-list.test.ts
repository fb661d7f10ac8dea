import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../core/errors.ts";
import { anthropicModelList, openaiModelList } from "./model-list.ts";

const names = ["a", "b", "c", "d", "e"];

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** The text is this module's own answer. */
const page = (ids: readonly string[], query: string): Page =>
  JSON.parse(anthropicModelList.list(ids, query)) as Page;

test("OpenAI's shape", () => {
  const model = { id: "meta/llama", object: "model", created: 0, owned_by: "moongate" };
  expect(JSON.parse(openaiModelList.one("meta/llama"))).toEqual(model);
  expect(JSON.parse(openaiModelList.list(["meta/llama"], "?limit=x"))).toEqual({
    object: "list",
    data: [model],
  });
});

test("Anthropic's shape", () => {
  const model = {
    type: "model",
    id: "claude",
    display_name: "claude",
    created_at: "1970-01-01T00:00:00Z",
  };
  expect(JSON.parse(anthropicModelList.one("claude"))).toEqual(model);
  expect(JSON.parse(anthropicModelList.list(["claude"], ""))).toEqual({
    data: [model],
    has_more: false,
    first_id: "claude",
    last_id: "claude",
  });
});

describe("a page of Anthropic's list", () => {
  test.each<[string, string, string, boolean]>([
    ["everything when it fits", "", "abcde", false],
    ["at most the limit", "?limit=2", "ab", true],
    ["a limit of all there is", "?limit=5", "abcde", false],
    ["behind a cursor", "?limit=2&after_id=b", "cd", true],
    ["behind a cursor to the end", "?limit=2&after_id=c", "de", false],
    ["behind a name that is gone", "?limit=2&after_id=bb", "cd", true],
    ["behind the last", "?after_id=e", "", false],
    ["before a cursor, the nearest ones", "?limit=2&before_id=d", "bc", true],
    ["before a cursor to the start", "?limit=2&before_id=c", "ab", false],
    ["between two cursors", "?limit=2&after_id=a&before_id=e", "bc", true],
    ["with other parameters", "?beta=true", "abcde", false],
  ])("%s", (_name, query, ids, more) => {
    const got = page(names, query);
    expect(got.data.map(({ id }) => id).join("")).toBe(ids);
    expect(got).toMatchObject({ has_more: more, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
  });

  test("20 names unless asked otherwise", () => {
    const many = Array.from({ length: 21 }, (_, index) => `m-${String(index).padStart(2, "0")}`);
    expect(page(many, "")).toMatchObject({ has_more: true, last_id: "m-19" });
  });

  test.each(["0", "1001", "-1", "1.5", "ten", "", "99999999999"])("refuses a limit of %j", (limit) => {
    expect(() => page(names, `?limit=${limit}`)).toThrow(GatewayError);
    expect(() => page(names, `?limit=${limit}`)).toThrow(/1 to 1000/);
  });

  test("pages forwards and backwards show every name once", () => {
    const someNames = fc.uniqueArray(fc.string({ minLength: 1, unit: "binary" }), { maxLength: 12 });
    fc.assert(
      fc.property(someNames, fc.integer({ min: 1, max: 5 }), (given, limit) => {
        const ids = given.map((name) => name.toWellFormed()).toSorted((a, b) => (a < b ? -1 : 1));
        const all = [...new Set(ids)];
        for (const [cursor, border, join] of [
          ["after_id", "last_id", (seen: string[], more: string[]) => [...seen, ...more]],
          ["before_id", "first_id", (seen: string[], more: string[]) => [...more, ...seen]],
        ] as const) {
          let seen: string[] = [];
          // Backwards begins behind the last name.
          let at: string | null = cursor === "before_id" ? "\u{10ffff}\u{10ffff}" : "";
          for (let more = true; more;) {
            const got = page(all, `?limit=${limit}&${cursor}=${encodeURIComponent(at ?? "")}`);
            seen = join(
              seen,
              got.data.map(({ id }) => id),
            );
            at = got[border];
            more = got.has_more;
          }
          const expected = cursor === "before_id" ? all.filter((id) => id < "\u{10ffff}\u{10ffff}") : all;
          expect(seen).toEqual(expected);
        }
      }),
    );
  });
});
