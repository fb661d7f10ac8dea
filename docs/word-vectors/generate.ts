// Writes src/routing/prompt/word-vectors/glove-30k.bin: `npm run word-vectors -- WORDS.json VECTORS.bin`.
// What the two files are: src/routing/prompt/word-vectors/README.md. Knows no prompt.
import { readFileSync, writeFileSync } from "node:fs";
import { vectorLength } from "../../src/routing/prompt/prompt-features.ts";
import { hashOfWord } from "../../src/routing/prompt/word-hash.ts";
import { vectorsHeaderBytes, vectorsMagic, vectorsVersion } from "../../src/routing/prompt/word-vectors.ts";

/** More than twice as many as words, so that what is unknown is seen at the first place or the second. */
const places = 65_536;
const target = new URL("../../src/routing/prompt/word-vectors/glove-30k.bin", import.meta.url);

const [wordsFile, vectorsFile] = process.argv.slice(2);
if (wordsFile === undefined || vectorsFile === undefined) {
  process.stderr.write("usage: npm run word-vectors -- WORDS.json VECTORS.bin\n");
  process.exit(2);
}
const listed: unknown = JSON.parse(readFileSync(wordsFile, "utf8"));
if (!Array.isArray(listed)) throw new Error(`${wordsFile}: not a list of words`);
const words = listed.map(String);
const bytes = readFileSync(vectorsFile);
if (bytes.length !== words.length * vectorLength)
  throw new Error(
    `${vectorsFile}: ${bytes.length} bytes are not ${vectorLength} for each of ${words.length} words`,
  );
const vectors = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** The mean of all words, of length 1. */
function commonDirection(): Float32Array {
  const sums = new Float64Array(vectorLength);
  vectors.forEach((value, at) => {
    sums[at % vectorLength] = (sums[at % vectorLength] ?? 0) + value;
  });
  const length = Math.sqrt(sums.reduce((total, sum) => total + sum * sum, 0));
  return Float32Array.from(sums, (sum) => sum / length);
}

function table(): { readonly hashes: Int32Array; readonly rows: Uint16Array } {
  const hashes = new Int32Array(places);
  const rows = new Uint16Array(places);
  words.forEach((word, row) => {
    const hash = hashOfWord(word);
    let place = hash & (places - 1);
    while (hashes[place] !== 0) {
      if (hashes[place] === hash) throw new Error(`${word} has the hash of ${words[rows[place] ?? 0]}`);
      place = (place + 1) & (places - 1);
    }
    hashes[place] = hash;
    rows[place] = row;
  });
  return { hashes, rows };
}

const { hashes, rows } = table();
const common = commonDirection();
const rowsAt = vectorsHeaderBytes + places * 4;
const commonAt = rowsAt + places * 2;
const vectorsAt = commonAt + vectorLength * 4;
const out = Buffer.alloc(vectorsAt + vectors.length);
[vectorsMagic, vectorsVersion, words.length, places].forEach((value, at) => out.writeUInt32LE(value, at * 4));
hashes.forEach((hash, place) => out.writeInt32LE(hash, vectorsHeaderBytes + place * 4));
rows.forEach((row, place) => out.writeUInt16LE(row, rowsAt + place * 2));
common.forEach((value, at) => out.writeFloatLE(value, commonAt + at * 4));
out.set(bytes, vectorsAt);
writeFileSync(target, out);
process.stdout.write(`${words.length} words, ${out.length} bytes\n`);
