// The node types that the simulated ComfyUI has, as a table. Must not know prompts.
import type { JsonObject } from "../fields.ts";

interface NodeClass {
  readonly name: string;
  readonly category: string;
  /** Inputs that have to be there, and their types. */
  readonly required: JsonObject;
  readonly outputs: readonly string[];
  readonly isOutput: boolean;
}

const checkpoint = ["simulated.safetensors"] as const;

const row = (
  name: string,
  category: string,
  required: JsonObject,
  outputs: readonly string[],
): NodeClass => ({
  name,
  category,
  required,
  outputs,
  isOutput: outputs.length === 0,
});

const nodeClasses: readonly NodeClass[] = [
  row("CheckpointLoaderSimple", "loaders", { ckpt_name: [checkpoint] }, ["MODEL", "CLIP", "VAE"]),
  row("CLIPTextEncode", "conditioning", { text: ["STRING", { multiline: true }], clip: ["CLIP"] }, [
    "CONDITIONING",
  ]),
  row("EmptyLatentImage", "latent", { width: ["INT"], height: ["INT"], batch_size: ["INT"] }, ["LATENT"]),
  row(
    "KSampler",
    "sampling",
    {
      model: ["MODEL"],
      seed: ["INT"],
      steps: ["INT"],
      cfg: ["FLOAT"],
      sampler_name: [["euler"]],
      scheduler: [["normal"]],
      positive: ["CONDITIONING"],
      negative: ["CONDITIONING"],
      latent_image: ["LATENT"],
      denoise: ["FLOAT"],
    },
    ["LATENT"],
  ),
  row("VAEDecode", "latent", { samples: ["LATENT"], vae: ["VAE"] }, ["IMAGE"]),
  row("LoadImage", "image", { image: [["example.png"], { image_upload: true }] }, ["IMAGE", "MASK"]),
  row("SaveImage", "image", { images: ["IMAGE"], filename_prefix: ["STRING"] }, []),
  row("PreviewImage", "image", { images: ["IMAGE"] }, []),
];

/** Everything about every node type, or about one; empty for a type that is not there. */
export function describeNodes(name?: string): JsonObject {
  const wanted = nodeClasses.filter((node) => name === undefined || node.name === name);
  return Object.fromEntries(wanted.map((node) => [node.name, describe(node)]));
}

/** Types that are not in the table are taken for somebody's own: outputs when they save or preview something. */
export function isOutputClass(name: string): boolean {
  return nodeClasses.find((node) => node.name === name)?.isOutput ?? /^(?:Save|Preview)/.test(name);
}

/** Names of the inputs that a node of this type has to have. */
export function requiredInputs(name: string): readonly string[] {
  return Object.keys(nodeClasses.find((node) => node.name === name)?.required ?? {});
}

function describe({ name, category, required, outputs, isOutput }: NodeClass): JsonObject {
  return {
    input: { required },
    input_order: { required: Object.keys(required) },
    output: outputs,
    output_is_list: outputs.map(() => false),
    output_name: outputs,
    name,
    display_name: name,
    description: "",
    python_module: "nodes",
    category,
    output_node: isOutput,
  };
}
