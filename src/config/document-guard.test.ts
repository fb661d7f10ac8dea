import { describe, expect, test } from "vitest";
import { checkDeletion, checkDocumentHead } from "./document-guard.ts";

describe("the head of a document", () => {
  test.each<{ name: string; value: unknown; refusal: RegExp }>([
    { name: "empty", value: null, refusal: /empty.*allowDelete: true/u },
    { name: "without version", value: { services: [] }, refusal: /version.*allowDelete: true/u },
    { name: "empty braces", value: {}, refusal: /version/u },
    { name: "a list", value: [], refusal: /must be an object/u },
    { name: "a text", value: "version: 1", refusal: /must be an object/u },
    { name: "with a truthy word", value: { allowDelete: "true" }, refusal: /version/u },
  ])("is refused when the document is $name", ({ value, refusal }) => {
    expect(checkDocumentHead(value)).toEqual({ refusal: expect.stringMatching(refusal) });
  });

  test.each<{ name: string; value: unknown; allowDelete: boolean }>([
    { name: "a version", value: { version: 1 }, allowDelete: false },
    { name: "a version and no leave", value: { version: 1, allowDelete: false }, allowDelete: false },
    { name: "a version and leave", value: { version: 1, allowDelete: true }, allowDelete: true },
    { name: "leave alone", value: { allowDelete: true }, allowDelete: true },
  ])("passes with $name", ({ value, allowDelete }) => {
    expect(checkDocumentHead(value)).toEqual({ allowDelete });
  });
});

describe("deleting by a document", () => {
  const names = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `services/s${index}`);

  test.each([
    { name: "nothing before", before: 0, kept: 0, refused: false },
    { name: "nothing deleted", before: 10, kept: 10, refused: false },
    { name: "half of an even number", before: 10, kept: 5, refused: false },
    { name: "one more than half", before: 10, kept: 4, refused: true },
    { name: "less than half of an odd number", before: 3, kept: 2, refused: false },
    { name: "more than half of an odd number", before: 3, kept: 1, refused: true },
    { name: "the only one", before: 1, kept: 0, refused: true },
    { name: "everything", before: 100_000, kept: 0, refused: true },
  ])("$name: refused is $refused", ({ before, kept, refused }) => {
    const after = [...names(kept), "services/new"];
    expect(checkDeletion(names(before), after, false) !== undefined).toBe(refused);
    expect(checkDeletion(names(before), after, true)).toBeUndefined();
  });

  test("a refusal tells how many, some names and the remedy", () => {
    const refusal = checkDeletion(names(10), names(2), false);
    expect(refusal).toMatch(
      /8 of its 10 objects \(services\/s2, services\/s3, services\/s4, …\).*allowDelete: true/u,
    );
  });

  test("new objects do not make up for deleted ones", () => {
    expect(checkDeletion(names(4), ["a/1", "a/2", "a/3", "a/4"], false)).toBeDefined();
  });
});
