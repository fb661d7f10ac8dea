// What requests to ComfyUI refer to, as a table of routes.
import { describe, expect, test } from "vitest";
import { asked } from "./ids-fixture.ts";
import type { Asked } from "./ids-fixture.ts";

describe("a request to ComfyUI refers to", () => {
  test.each<Asked & { name: string; route: string; ids: string[] }>([
    {
      name: "the client of a socket",
      route: "comfyui comfyui-websocket",
      method: "GET",
      path: "/ws",
      query: "?clientId=c-1",
      ids: ["comfyui-client c-1 bind"],
    },
    {
      name: "client, prompt and files of a graph, but neither links nor numbers",
      route: "comfyui comfyui-prompt",
      path: "/prompt",
      body: {
        client_id: "c-1",
        prompt_id: "p-1",
        prompt: {
          "1": { class_type: "LoadImage", inputs: { image: "sub/x.png" } },
          "2": { class_type: "LoadImageMask", inputs: { image: "y.png [output]", channel: "red" } },
          "3": { class_type: "VAEEncode", inputs: { image: ["1", 0], seed: 5 } },
        },
      },
      ids: [
        "comfyui-client c-1 bind",
        "comfyui-prompt p-1 bind",
        "comfyui-file input/sub/x.png pass",
        "comfyui-file output/y.png pass",
      ],
    },
    {
      name: "the history of a prompt",
      route: "comfyui comfyui-history-prompt-id",
      method: "GET",
      path: "/history/p-1",
      ids: ["comfyui-prompt p-1"],
    },
    {
      name: "entries to be deleted",
      route: "comfyui comfyui-history",
      path: "/history",
      body: { delete: ["p-1", "p-2"] },
      ids: ["comfyui-prompt p-1", "comfyui-prompt p-2"],
    },
    {
      name: "a prompt to be taken out of the queue",
      route: "comfyui comfyui-queue",
      path: "/queue",
      body: { delete: ["p-1"] },
      ids: ["comfyui-prompt p-1"],
    },
    {
      name: "a prompt to be interrupted",
      route: "comfyui comfyui-interrupt",
      path: "/interrupt",
      body: { prompt_id: "p-1" },
      ids: ["comfyui-prompt p-1"],
    },
    {
      name: "a picture",
      route: "comfyui comfyui-view",
      method: "GET",
      path: "/view",
      query: "filename=x.png&subfolder=a/b&type=temp&clientId=c-1",
      ids: ["comfyui-client c-1 pass", "comfyui-file temp/a/b/x.png follow"],
    },
    {
      name: "a picture in the output folder, however it is spelled",
      route: "comfyui comfyui-view",
      method: "GET",
      path: "/view",
      query: "?filename=..%2Fz%2Fx.png+[output]&subfolder=a//b/./c/../&type=input",
      ids: ["comfyui-file output/a/b/x.png follow"],
    },
    {
      name: "a picture with any one character before the folder, as servers read it",
      route: "comfyui comfyui-view",
      method: "GET",
      path: "/view",
      query: "?filename=x.png_[temp]&filename=y.png%20%20[input]&filename=[output]",
      ids: [
        "comfyui-file temp/x.png follow",
        "comfyui-file input/y.png  follow",
        "comfyui-file output follow",
      ],
    },
    {
      name: "every picture that a repeated name can mean",
      route: "comfyui comfyui-view",
      method: "GET",
      path: "/view",
      query: "?filename=x.png&filename=y.png",
      ids: ["comfyui-file output/x.png follow", "comfyui-file output/y.png follow"],
    },
    {
      name: "no file when an upload overwrites nothing",
      route: "comfyui comfyui-upload-image",
      path: "/upload/image",
      parts: [{ name: "image", filename: "x.png" }],
      ids: [],
    },
    {
      name: "the file that an upload overwrites",
      route: "comfyui comfyui-upload-image",
      path: "/upload/image",
      parts: [
        { name: "subfolder", value: "s" },
        { name: "overwrite", value: "true" },
        { name: "image", filename: "x.png" },
      ],
      ids: ["comfyui-file input/s/x.png bind"],
    },
    {
      name: "the file that an upload overwrites in a folder of its name, which is no annotation",
      route: "comfyui comfyui-upload-image",
      path: "/upload/image",
      parts: [
        { name: "overwrite", value: "1" },
        { name: "image", filename: "s/x.png [temp]" },
      ],
      ids: ["comfyui-file input/s/x.png [temp] bind"],
    },
    {
      name: "the picture that a mask belongs to",
      route: "comfyui comfyui-upload-mask",
      path: "/upload/mask",
      parts: [
        { name: "image", filename: "m.png" },
        { name: "original_ref", value: '{"filename":"x.png","type":"temp"}' },
      ],
      ids: ["comfyui-file temp/x.png"],
    },
    {
      name: "a file of a user that it writes",
      route: "comfyui comfyui-userdata-file",
      path: "/userdata/workflows%2Fa.json",
      ids: ["comfyui-userdata workflows/a.json bind"],
    },
    {
      name: "a file of a user that it reads",
      route: "comfyui comfyui-userdata-file",
      method: "GET",
      path: "/userdata/workflows%2Fa.json",
      ids: ["comfyui-userdata workflows/a.json"],
    },
    {
      name: "the same file of a user, however it is spelled",
      route: "comfyui comfyui-userdata-file",
      method: "GET",
      path: "/userdata/x%2F..%2Fworkflows%2F%252E%2F100%25%2Fa%252Ejson",
      ids: ["comfyui-userdata workflows/100%/a.json"],
    },
    {
      name: "both names of a move",
      route: "comfyui comfyui-userdata-file-move",
      path: "/userdata/a/move/b",
      ids: ["comfyui-userdata a", "comfyui-userdata b bind"],
    },
  ])("$name", ({ route, ids, ...request }) => {
    expect(asked(route, request)).toEqual(ids);
  });
});

test("what says where an upload goes must be short enough to be read", () => {
  const parts = [{ name: "image", filename: "m.png" }, { name: "original_ref" }];
  expect(() => asked("comfyui comfyui-upload-mask", { path: "/upload/mask", parts })).toThrow("original_ref");
});
