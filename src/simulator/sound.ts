// Makes short audio from a text: a real tone as PCM or WAV, marked bytes for compressed formats. No protocols here.
import type { Frame } from "./reply.ts";

/** What 10 ms of mono sound of 16 bits are, per character of the text. */
const msPerCharacter = 10;

/** What a character is in a compressed format, in bytes. */
const compressedBytesPerCharacter = 48;

const samplesPerSecond = 24_000;
const samplesPerCharacter = (samplesPerSecond * msPerCharacter) / 1000;
const bytesPerSample = 2;
const wavHeadBytes = 44;
const toneHertz = 440;
const loudness = 8_000;

/** One character's worth of a tone; pieces join without a click when the tone fits whole periods. */
const tone = makeTone();

/** The sound of a text in pieces of one character each, after a head where the format has one. */
export function* soundOf(text: string, format: string): Generator<Frame> {
  const isTone = format === "wav" || format === "pcm";
  if (format === "wav") yield { text: wavHead(text.length * tone.length), isToken: false };
  if (!isTone) yield { text: Buffer.from(`moongate simulated audio, not real ${format}\n`), isToken: false };
  for (let at = 0; at < text.length; at += 1) {
    yield { text: isTone ? tone : compressedPiece(text.charCodeAt(at)), isToken: true };
  }
}

/** The same in one piece. */
export function wholeSound(text: string, format: string): Buffer {
  return Buffer.concat([...soundOf(text, format)].map((frame) => Buffer.from(frame.text)));
}

function compressedPiece(code: number): Buffer {
  return Buffer.alloc(compressedBytesPerCharacter, code & 0xff);
}

function makeTone(): Buffer {
  const bytes = Buffer.alloc(samplesPerCharacter * bytesPerSample);
  for (let index = 0; index < samplesPerCharacter; index += 1) {
    const angle = (2 * Math.PI * toneHertz * index) / samplesPerSecond;
    bytes.writeInt16LE(Math.round(Math.sin(angle) * loudness), index * bytesPerSample);
  }
  return bytes;
}

/** The head of a WAV file with one channel of 16 bits. */
function wavHead(dataBytes: number): Buffer {
  const head = Buffer.alloc(wavHeadBytes);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(dataBytes + wavHeadBytes - 8, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samplesPerSecond, 24);
  head.writeUInt32LE(samplesPerSecond * bytesPerSample, 28);
  head.writeUInt16LE(bytesPerSample, 32);
  head.writeUInt16LE(bytesPerSample * 8, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(dataBytes, 40);
  return head;
}
