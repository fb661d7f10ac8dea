import { describe, expect, test } from "vitest";
import { readGeminiPath, rewriteGeminiPath } from "./gemini-path.ts";

describe("the path of a Gemini request", () => {
  test.each([
    [
      "a call",
      "/v1beta/models/gemini-2.5-flash:generateContent",
      "gemini-2.5-flash",
      "generateContent",
      false,
    ],
    [
      "a stream",
      "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
      "gemini-2.5-flash",
      "streamGenerateContent",
      true,
    ],
    ["a base path in front", "/g/v1beta/models/m:embedContent", "m", "embedContent", false],
    ["a model alone", "/v1beta/models/m", "m", "", false],
    ["something below the model", "/v1beta/models/m/operations/o:cancel", "m", "", false],
    [
      "Vertex",
      "/v1/projects/p/locations/l/publishers/google/models/m:countTokens",
      "m",
      "countTokens",
      false,
    ],
    ["an encoded model", "/v1beta/models/a%2Fb%3Ac:generateContent", "a/b:c", "generateContent", false],
    ["an empty verb", "/v1beta/models/m:", "m", "", false],
    [
      "a model with a slash in its name",
      "/v1beta/models/auto/cheap:generateContent",
      "auto/cheap",
      "generateContent",
      false,
    ],
    ["models twice", "/models/x/models/m:predict", "m", "predict", false],
  ])("of %s", (...[, path, model, verb, stream]) => {
    expect(readGeminiPath(path)).toMatchObject({ model, verb, stream });
  });

  test.each([
    "/v1beta/models",
    "/v1beta/models/",
    "/v1beta/models/:generateContent",
    "/v1/x",
    "/v1beta/models/%zz:x",
    "",
  ])("%s names no model", (path) => {
    expect(readGeminiPath(path)).toBeUndefined();
  });

  test.each([
    ["another model", "/v1beta/models/a:generateContent", "b", "/v1beta/models/b:generateContent"],
    ["the same model", "/v1beta/models/%61:generateContent", "a", "/v1beta/models/%61:generateContent"],
    ["a model with a slash", "/v1beta/models/a", "x/y?z", "/v1beta/models/x%2Fy%3Fz"],
    ["what follows", "/v1beta/models/a/operations/o", "b", "/v1beta/models/b/operations/o"],
  ])("is rewritten: %s", (...[, path, model, expected]) => {
    const read = readGeminiPath(path);
    if (read === undefined) throw new Error("must be readable");
    expect(rewriteGeminiPath(path, read, model)).toBe(expected);
  });

  test("of many slashes is read in linear time", () => {
    expect(readGeminiPath("/models".repeat(20_000))).toMatchObject({ model: "models" });
    expect(readGeminiPath("/models/".repeat(20_000))).toBeUndefined();
  });
});
