// GET /simulated/{name}: what the addresses in answers point at, so that they can be fetched. No state is needed.
import { simulatedVideo } from "./openai/videos.ts";
import { downloadOf } from "./blob.ts";
import { drawPng } from "./png.ts";
import type { Call, Reply } from "./reply.ts";
import { wholeSound } from "./sound.ts";

/** A video or a sound for a name that ends like one, else an image. */
export function simulatedResult({ params }: Call): Reply {
  const [name = ""] = params;
  if (name.endsWith(".mp4")) return downloadOf(simulatedVideo(), "video/mp4");
  if (name.endsWith(".wav")) {
    return { kind: "whole", body: wholeSound(name, "wav"), outputTokens: 0, contentType: "audio/wav" };
  }
  return { kind: "whole", body: drawPng(name), outputTokens: 0, contentType: "image/png" };
}
