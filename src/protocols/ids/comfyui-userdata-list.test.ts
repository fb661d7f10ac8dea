import { expect, test } from "vitest";
import { ownFilesOf, ownUserdata } from "./comfyui-userdata-list.ts";

const own = ownFilesOf(["workflows/a.json", "workflows/deep/b.json", "c.json"]);

test.each<[name: string, query: string, list: unknown, shown: unknown]>([
  ["names below a folder", "?dir=workflows", ["a.json", "x.json", "deep/b.json"], ["a.json", "deep/b.json"]],
  [
    "with what is known of them",
    "?dir=workflows&full_info=true",
    [{ path: "a.json", size: 1 }, { path: "x.json" }],
    [{ path: "a.json", size: 1 }],
  ],
  [
    "taken apart",
    "?dir=workflows&split=1",
    [
      ["deep/b.json", "deep", "b.json"],
      ["deep/x", "deep", "x"],
    ],
    [["deep/b.json", "deep", "b.json"]],
  ],
  [
    "files and folders from the root",
    "?path=workflows",
    [
      { name: "a.json", path: "workflows/a.json", type: "file" },
      { name: "x.json", path: "workflows/x.json", type: "file" },
      { name: "deep", path: "workflows/deep", type: "directory" },
      { name: "other", path: "workflows/other", type: "directory" },
    ],
    [
      { name: "a.json", path: "workflows/a.json", type: "file" },
      { name: "deep", path: "workflows/deep", type: "directory" },
    ],
  ],
  ["a folder with dots and backslashes", "?dir=workflows%5C.%5Cdeep", ["b.json", "a.json"], ["b.json"]],
  ["entries of no known kind", "", [1, null, [], {}, "c.json"], ["c.json"]],
])("of a list of %s only the consumer's own is shown", (_name, query, list, shown) => {
  const body = Buffer.from(JSON.stringify(list));
  expect(JSON.parse(ownUserdata(body, query, own).toString())).toEqual(shown);
});

test.each([
  ["a list of own files", '[ "c.json" ]'],
  ["an error", '{"error":"no"}'],
  ["no JSON", "nothing"],
])("%s stays as it is, byte for byte", (_name, text) => {
  const body = Buffer.from(text);
  expect(ownUserdata(body, "", own)).toBe(body);
});
