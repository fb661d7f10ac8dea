import { describe, expect, test } from "vitest";
import { make, user, tool, call } from "./request-fixture.ts";

describe("parts", () => {
  const png = "data:image/png;charset=utf-8;base64,AAAA";
  test.each([
    {
      name: "an image as data, its parameters left out",
      part: { type: "image_url", image_url: { url: png } },
      block: { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
    },
    {
      name: "an image by its URL, without detail",
      part: { type: "image_url", image_url: { url: "https://x.test/a.png", detail: "high" } },
      block: { type: "image", source: { type: "url", url: "https://x.test/a.png" } },
      warnings: ["messages.0.content.0.image_url.detail;dropped"],
    },
    {
      name: "an image by the id of a file",
      part: { type: "image_url", image_url: { url: "", file_id: "file_1" } },
      block: { type: "image", source: { type: "file", file_id: "file_1" } },
      beta: true,
    },
    {
      name: "a PDF as data",
      part: { type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0x", filename: "a.pdf" } },
      block: {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0x" },
        title: "a.pdf",
      },
    },
    {
      name: "a PDF as bare base64",
      part: { type: "file", file: { file_data: "JVBERi0x" } },
      block: {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0x" },
      },
    },
    {
      name: "a text as data",
      part: { type: "file", file: { file_data: "data:text/markdown;base64,SGk=" } },
      block: { type: "document", source: { type: "text", media_type: "text/plain", data: "Hi" } },
    },
    {
      name: "a file by its id, with what Anthropic knows besides",
      part: {
        type: "file",
        file: { file_id: "file_1", title: "T", context: "C", citations: { enabled: true } },
      },
      block: {
        type: "document",
        source: { type: "file", file_id: "file_1" },
        title: "T",
        context: "C",
        citations: { enabled: true },
      },
      beta: true,
    },
    {
      name: "a file by its URL",
      part: { type: "file", file: { file_url: "https://x.test/a.pdf" } },
      block: { type: "document", source: { type: "url", url: "https://x.test/a.pdf" } },
    },
    {
      name: "an image in a file",
      part: { type: "file", file: { file_data: "data:image/jpg;base64,AAAA" } },
      block: { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AAAA" } },
    },
  ] as const)("$name", ({ part, block, ...rest }) => {
    const { body, headers, warnings } = make({ messages: [{ role: "user", content: [part] }] });
    expect(body["messages"]).toEqual([{ role: "user", content: [block] }]);
    expect(warnings).toEqual("warnings" in rest ? rest.warnings : []);
    expect(headers.slice(2)).toEqual("beta" in rest ? ["anthropic-beta", "files-api-2025-04-14"] : []);
  });

  test.each([
    { name: "audio", part: { type: "input_audio", input_audio: { data: "AA", format: "wav" } } },
    { name: "a video", part: { type: "video_url", video_url: { url: "https://x.test/a.mp4" } } },
    {
      name: "an image of another type",
      part: { type: "image_url", image_url: { url: "data:image/bmp;base64,AA" } },
    },
    { name: "an image behind another scheme", part: { type: "image_url", image_url: { url: "gs://a/b" } } },
    { name: "data without base64", part: { type: "image_url", image_url: { url: "data:image/png,AA" } } },
    {
      name: "a table",
      part: { type: "file", file: { file_data: "data:application/vnd.ms-excel;base64,AA" } },
    },
    { name: "a file of no scheme", part: { type: "file", file: { file_url: "file:///etc/passwd" } } },
  ] as const)("$name is refused by its place", ({ part }) => {
    expect(() => make({ messages: [user("Hi"), { role: "user", content: [part] }] })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "messages.1.content.0" }),
    );
  });

  test("a result of a tool holds images and documents", () => {
    const content = [{ type: "image_url", image_url: { url: png } }] as const;
    const { body } = make({
      messages: [
        user("Hi"),
        { role: "assistant", tool_calls: [call("a")] },
        { role: "tool", tool_call_id: "a", content },
      ],
    });
    expect(JSON.stringify(body["messages"])).toContain(
      '"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]',
    );
  });
});

describe("marks of what to cache", () => {
  const ephemeral = { type: "ephemeral" } as const;
  const marked = (text: string) => ({ type: "text", text, cache_control: ephemeral }) as const;

  test("they stand where the client put them", () => {
    const { body, warnings } = make({
      tools: [{ ...tool("look"), cache_control: { type: "ephemeral", ttl: "1h" } }],
      messages: [
        { role: "system", content: [marked("Be brief.")] },
        { role: "user", content: [marked("Hi")] },
        { role: "assistant", tool_calls: [call("a")] },
        { role: "tool", tool_call_id: "a", content: "1", cache_control: ephemeral },
      ],
    });
    expect(JSON.stringify(body).match(/"cache_control":\{[^}]*\}/g)).toEqual([
      '"cache_control":{"type":"ephemeral"}',
      '"cache_control":{"type":"ephemeral"}',
      '"cache_control":{"type":"ephemeral"}',
      '"cache_control":{"type":"ephemeral","ttl":"1h"}',
    ]);
    expect(warnings).toEqual([]);
  });

  test("the last four stay, as each holds what lies before it", () => {
    const { body, warnings } = make({
      messages: [{ role: "user", content: ["a", "b", "c", "d", "e"].map(marked) }],
    });
    expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
    expect(warnings).toEqual(["messages.0.content.0.cache_control;dropped"]);
  });

  test("the mark of the whole request is one of them", () => {
    const { body, warnings } = make({
      messages: [{ role: "user", content: ["a", "b", "c", "d"].map(marked) }],
      others: { cache_control: ephemeral },
    });
    expect(body["cache_control"]).toEqual(ephemeral);
    expect(warnings).toEqual(["messages.0.content.0.cache_control;dropped"]);
  });
});
