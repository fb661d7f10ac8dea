// Sample requests to ComfyUI's routes. Data only.
import { randomUUID } from "node:crypto";
import {
  fileBytes,
  formBoundary,
  formBytes,
  oddJson,
  textAt,
  type Given,
  type RouteSample,
} from "./route-sample.ts";

const prompt = oddJson({
  prompt: { "1": { class_type: "PreviewImage", inputs: { images: ["0", 0] } }, "0": { class_type: "Own" } },
  client_id: "route-client",
});
const image = { name: "image", file: "sample.bin", content: fileBytes };
const formType = `multipart/form-data; boundary="${formBoundary}"`;

const uploaded: Given = async (direct) => {
  await direct("POST", "/upload/image", formBytes([image]), formType);
  return {};
};

const stored: Given = async (direct) => {
  await direct("POST", "/userdata/a%2Fb.json?overwrite=true", oddJson({ a: 1 }));
  return {};
};

const read = (tail = ""): readonly RouteSample[] => [{ method: "GET", what: "read", tail, usage: null }];
const readAt = (path: string, status = 200): readonly RouteSample[] => [
  { method: "GET", what: "read", path, status, usage: null },
];

export const comfyuiSamples: Readonly<Record<string, readonly RouteSample[]>> = {
  "comfyui comfyui-embeddings": read(),
  "comfyui comfyui-extensions": read(),
  "comfyui comfyui-features": read("/"),
  "comfyui comfyui-models": read(),
  "comfyui comfyui-models-folder": readAt("/models/checkpoints?a=%2F"),
  "comfyui comfyui-workflow-templates": read(),
  "comfyui comfyui-upload-image": [{ method: "POST", what: "upload", form: [image], usage: null }],
  "comfyui comfyui-upload-mask": [
    {
      method: "POST",
      what: "upload",
      form: [image, { name: "original_ref", content: '{"filename":"sample.bin","type":"input"}' }],
      given: uploaded,
      usage: null,
    },
  ],
  "comfyui comfyui-view": [
    { method: "GET", what: "bytes", tail: "?filename=sample.bin&type=input", given: uploaded, usage: null },
  ],
  "comfyui comfyui-view-metadata": read("checkpoints?filename=simulated.safetensors"),
  "comfyui comfyui-system-stats": read(),
  "comfyui comfyui-prompt": [...read(), { method: "POST", what: "submit", json: prompt, usage: null }],
  "comfyui comfyui-object-info": read(),
  "comfyui comfyui-object-info-class": readAt("/object_info/KSampler"),
  "comfyui comfyui-history": [
    ...read("?max_items=5"),
    { method: "POST", what: "clear", json: oddJson({ clear: true }), usage: null },
  ],
  "comfyui comfyui-history-prompt-id": [
    {
      method: "GET",
      what: "one",
      path: "/history/{id}",
      given: async (direct) => ({ id: textAt(await direct("POST", "/prompt", prompt), "prompt_id") }),
      usage: null,
    },
  ],
  "comfyui comfyui-queue": [
    ...read(),
    { method: "POST", what: "clear", json: oddJson({ clear: true }), usage: null },
  ],
  "comfyui comfyui-interrupt": [
    { method: "POST", what: "without a body", usage: null },
    { method: "POST", what: "an empty object", json: "{}", usage: null },
  ],
  "comfyui comfyui-free": [
    { method: "POST", what: "unload", json: oddJson({ unload_models: true }), usage: null },
  ],
  "comfyui comfyui-userdata": [
    { method: "GET", what: "list", tail: "?dir=a&recurse=true", given: stored, usage: null },
  ],
  "comfyui comfyui-userdata-v2": read("?path=a"),
  "comfyui comfyui-userdata-file": [
    {
      method: "POST",
      what: "write JSON",
      path: "/userdata/a%2Fc.json",
      json: oddJson({ a: 1 }),
      usage: null,
    },
    { method: "POST", what: "write bytes", path: "/userdata/d.bin", bytes: fileBytes, usage: null },
    { method: "GET", what: "read", path: "/userdata/a%2Fb.json", given: stored, usage: null },
    {
      method: "DELETE",
      what: "delete",
      path: "/userdata/a%2Fb.json",
      given: stored,
      status: 204,
      usage: null,
    },
  ],
  "comfyui comfyui-userdata-file-move": [
    {
      method: "POST",
      what: "move",
      path: "/userdata/a%2Fb.json/move/moved%2Fb.json?overwrite=true",
      given: stored,
      usage: null,
    },
  ],
  "comfyui comfyui-users": [
    ...read(),
    {
      method: "POST",
      what: "create",
      json: oddJson({ username: "{{user}}" }),
      given: async () => ({ user: randomUUID() }),
      usage: null,
    },
  ],
};
