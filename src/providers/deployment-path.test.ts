import { expect, test } from "vitest";
import { deploymentPath } from "./deployment-path.ts";

test.each([
  ["a chat", "/v1/chat/completions", "", "/openai/deployments/my%20model/chat/completions?api-version=V"],
  [
    "an image",
    "/v1/images/generations",
    "?a=1",
    "/openai/deployments/my%20model/images/generations?a=1&api-version=V",
  ],
  [
    "a version that the client asks for",
    "/v1/embeddings",
    "?api-version=W",
    "/openai/deployments/my%20model/embeddings?api-version=W",
  ],
  ["a file", "/v1/files/file-1/content", "", "/openai/files/file-1/content?api-version=V"],
  ["a list of jobs", "/v1/fine_tuning/jobs", "?limit=2", "/openai/fine_tuning/jobs?limit=2&api-version=V"],
  [
    "a path without version",
    "/chat/completions",
    "",
    "/openai/deployments/my%20model/chat/completions?api-version=V",
  ],
])("%s", (_name, path, query, expected) => {
  expect(deploymentPath("/openai", path, "my model", { query, apiVersion: "V" })).toBe(expected);
});
