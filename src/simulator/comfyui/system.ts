// What ComfyUI tells of itself: always the same. Must not know state.
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { statusReply } from "./replies.ts";

const mib = 1024 * 1024;
const gib = 1024 * mib;

/** Folders of models and the models in them. */
const folders: Readonly<Record<string, readonly string[]>> = {
  checkpoints: ["simulated.safetensors"],
  loras: ["simulated-style.safetensors"],
  vae: ["simulated-vae.safetensors"],
  controlnet: [],
  upscale_models: [],
  embeddings: ["simulated-embedding"],
};

/** What both sides of a socket tell each other first, too. */
export const features = {
  supports_preview_metadata: true,
  max_upload_size: 100 * mib,
  extension: { manager: { supports_v4: false } },
} as const;

const stats = {
  system: {
    os: "simulated",
    ram_total: 16 * gib,
    ram_free: 8 * gib,
    comfyui_version: "simulated",
    python_version: "simulated",
    pytorch_version: "simulated",
    embedded_python: false,
    argv: ["main.py"],
  },
  devices: [
    {
      name: "simulated",
      type: "cpu",
      index: 0,
      vram_total: 8 * gib,
      vram_free: 8 * gib,
      torch_vram_total: 8 * gib,
      torch_vram_free: 8 * gib,
    },
  ],
} as const;

const metadata = { format: "pt", title: "simulated" } as const;

export const getFeatures = (): Reply => jsonReply(features);
export const getSystemStats = (): Reply => jsonReply(stats);
export const getEmbeddings = (): Reply => jsonReply(folders["embeddings"]);
export const getExtensions = (): Reply => jsonReply(["/extensions/core/simulated.js"]);
export const getWorkflowTemplates = (): Reply => jsonReply({ "simulated-nodes": ["example"] });
export const getModelFolders = (): Reply => jsonReply(Object.keys(folders));

export function getModels({ params: [folder = ""] }: Call): Reply {
  const models = Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  return models === undefined ? statusReply(404) : jsonReply(models);
}

/** Only files of the safetensors format say what they are. */
export function getModelMetadata({ params: [folder = ""], query }: Call): Reply {
  const filename = query.get("filename") ?? "";
  const isKnown = Object.hasOwn(folders, folder) && folders[folder]?.includes(filename) === true;
  return isKnown && filename.endsWith(".safetensors") ? jsonReply(metadata) : statusReply(404);
}
