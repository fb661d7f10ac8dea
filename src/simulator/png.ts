// Draws small real PNG images. Must not know what they are for.
import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

/** Width and height, in pixels. */
const side = 16;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A PNG of 16 by 16 pixels whose colours come from a text: the same text gives the same bytes.
 * `padding` makes it that many bytes larger, by a comment that viewers skip.
 */
export function drawPng(text: string, padding = 0): Buffer {
  const [red = 0, green = 0, blue = 0] = createHash("sha256").update(text).digest();
  const rows = Buffer.alloc(side * (1 + side * 3));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      rows.set([red ^ (x * 8), green ^ (y * 8), blue], y * (1 + side * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits a channel, three channels.
  header.set([8, 2], 8);
  const comment = padding > 0 ? [chunk("tEXt", Buffer.from(`Comment\0${"-".repeat(padding)}`))] : [];
  const parts = [signature, chunk("IHDR", header), ...comment, chunk("IDAT", deflateSync(rows))];
  return Buffer.concat([...parts, chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(typed.length + 8);
  whole.writeUInt32BE(data.length, 0);
  typed.copy(whole, 4);
  whole.writeUInt32BE(crc32(typed), typed.length + 4);
  return whole;
}
