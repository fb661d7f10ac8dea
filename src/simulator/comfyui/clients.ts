// The sockets that listen to one ComfyUI, one per client id. Must not know prompts or how sockets work.
import { perAccount } from "../account.ts";
import { drawPng } from "../png.ts";

/** A socket, as far as it is needed to tell it things. */
export interface Listener {
  send(data: string | Buffer): void;
  /** Ends the socket, as another one has come with its client id. */
  replace(): void;
  /** Whether the client has said that it understands previews with metadata. */
  hasPreviewMetadata: boolean;
}

/** Types of binary frames, and the image type of a PNG. */
const previewImage = 1;
const previewWithMetadata = 4;
const pngImage = 2;

export class Clients {
  readonly #byId = new Map<string, Listener>();

  /** A second socket with the same id takes the place of the first. */
  add(id: string, listener: Listener): void {
    this.#byId.get(id)?.replace();
    this.#byId.set(id, listener);
  }

  remove(id: string, listener: Listener): void {
    if (this.#byId.get(id) === listener) this.#byId.delete(id);
  }

  /** Tells one client, if it listens. */
  tell(id: string | null, type: string, data: object): void {
    const listener = id === null ? undefined : this.#byId.get(id);
    listener?.send(JSON.stringify({ type, data }));
  }

  /** Tells every client. */
  tellAll(type: string, data: object): void {
    const text = JSON.stringify({ type, data });
    for (const listener of this.#byId.values()) listener.send(text);
  }

  /** Shows one client an image of work in progress. */
  preview(
    id: string | null,
    of: { readonly prompt_id: string; readonly node_id: string; readonly step: number },
  ): void {
    const listener = id === null ? undefined : this.#byId.get(id);
    if (listener === undefined) return;
    const image = drawPng(`${of.node_id} ${of.step}`);
    listener.send(listener.hasPreviewMetadata ? describedFrame(image, of) : plainFrame(image));
  }
}

export const clientsOf = perAccount(() => new Clients());

function plainFrame(image: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(previewImage, 0);
  head.writeUInt32BE(pngImage, 4);
  return Buffer.concat([head, image]);
}

function describedFrame(
  image: Buffer,
  { prompt_id, node_id }: { prompt_id: string; node_id: string },
): Buffer {
  const names = { node_id, display_node_id: node_id, parent_node_id: null, real_node_id: node_id };
  const metadata = Buffer.from(JSON.stringify({ ...names, prompt_id, image_type: "image/png" }));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(previewWithMetadata, 0);
  head.writeUInt32BE(metadata.length, 4);
  return Buffer.concat([head, metadata, image]);
}
