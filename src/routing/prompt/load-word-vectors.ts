// The word vectors that ship with the program, read when they are first asked for. Knows no text.
import { readFileSync } from "node:fs";
import { openWordVectors, type WordVectors } from "./word-vectors.ts";

let loaded: WordVectors | undefined;

/** Once for each thread; 3.5 MB, which threads without mode intelligent never pay. */
export function loadWordVectors(): WordVectors {
  loaded ??= openWordVectors(
    readFileSync(new URL("./word-vectors/glove-30k.bin", import.meta.url)),
    readFileSync(new URL("./word-vectors/chinese-words.txt", import.meta.url), "utf8"),
  );
  return loaded;
}
