// Finds any of many words in one pass, however many there are (Aho and Corasick, "Efficient string matching", 1975).
// Words and texts are code units. Knows not what the words are for.

const empty = -1;

/** A word ends before `end`. Return true to stop looking for shorter ones that end there. */
export type OnWord = (word: number, end: number) => boolean;

export class WordAutomaton {
  /** Letter -> its number; 0 = no word holds it. */
  readonly #alphabet = new Uint16Array(0x10000);
  /** Open addressing: node and letter -> node. */
  #keys: Float64Array;
  #children: Int32Array;
  #mask: number;
  /** Node -> where to go on when no letter fits. */
  readonly #fails: Int32Array;
  /** Node -> word that ends there, or -1; and the next shorter node with a word, or 0. */
  readonly #words: Int32Array;
  readonly #shorter: Int32Array;
  readonly #lengths: readonly number[];
  readonly #depths: Int32Array;
  readonly #longest: number;
  #letters = 0;
  #nodes = 1;

  /** @param words not empty; of equal ones the first is told */
  constructor(words: readonly string[]) {
    let units = 1;
    for (const word of words) units += word.length;
    let size = 64;
    while (size < units * 2) size *= 2;
    this.#keys = new Float64Array(size).fill(empty);
    this.#children = new Int32Array(size);
    this.#mask = size - 1;
    this.#fails = new Int32Array(units);
    this.#words = new Int32Array(units).fill(empty);
    this.#shorter = new Int32Array(units);
    this.#lengths = words.map((word) => word.length);
    const parents = new Int32Array(units);
    const letters = new Uint16Array(units);
    for (const [index, word] of words.entries()) this.#add(index, word, parents, letters);
    this.#depths = depthsOf(parents, this.#nodes);
    this.#longest = this.#lengths.reduce((longest, length) => Math.max(longest, length), 0);
    this.#link(parents, letters);
  }

  lengthOf(word: number): number {
    return this.#lengths[word] ?? 0;
  }

  #add(index: number, word: string, parents: Int32Array, letters: Uint16Array): void {
    let node = 0;
    for (let at = 0; at < word.length; at += 1) {
      const letter = this.#letterOf(word.charCodeAt(at));
      let next = this.#child(node, letter);
      if (next === 0) {
        next = this.#nodes;
        this.#nodes += 1;
        this.#put(node, letter, next);
        parents[next] = node;
        letters[next] = letter;
      }
      node = next;
    }
    if (node !== 0 && this.#words[node] === empty) this.#words[node] = index;
  }

  #letterOf(unit: number): number {
    let letter = this.#alphabet[unit] ?? 0;
    if (letter === 0) {
      this.#letters += 1;
      letter = this.#letters;
      this.#alphabet[unit] = letter;
    }
    return letter;
  }

  /** Breadth first, so that shorter nodes are linked before longer ones. */
  #link(parents: Int32Array, letters: Uint16Array): void {
    for (const node of byDepth(this.#depths)) {
      const parent = parents[node] ?? 0;
      const letter = letters[node] ?? 0;
      let fail = parent === 0 ? 0 : this.#step(this.#fails[parent] ?? 0, letter);
      if (fail === node) fail = 0;
      this.#fails[node] = fail;
      this.#shorter[node] = this.#words[fail] === empty ? (this.#shorter[fail] ?? 0) : fail;
    }
  }

  #step(from: number, letter: number): number {
    let node = from;
    for (;;) {
      const next = this.#child(node, letter);
      if (next !== 0 || node === 0) return next;
      node = this.#fails[node] ?? 0;
    }
  }

  /** Tells each word that ends anywhere, the longest of those that end together first. Linear in the text. */
  find(units: Uint16Array, onWord: OnWord): void {
    let node = 0;
    for (let at = 0; at < units.length; at += 1) {
      const letter = this.#alphabet[units[at] ?? 0] ?? 0;
      node = letter === 0 ? 0 : this.#step(node, letter);
      if (node === 0) continue;
      let ending = this.#words[node] === empty ? (this.#shorter[node] ?? 0) : node;
      while (ending !== 0 && !onWord(this.#words[ending] ?? 0, at + 1)) ending = this.#shorter[ending] ?? 0;
    }
  }

  /** Length of the longest end of a text that a word begins with. */
  depthAtEnd(units: Uint16Array): number {
    let node = 0;
    for (let at = Math.max(0, units.length - this.#longest); at < units.length; at += 1) {
      const letter = this.#alphabet[units[at] ?? 0] ?? 0;
      node = letter === 0 ? 0 : this.#step(node, letter);
    }
    return this.#depths[node] ?? 0;
  }

  #slot(node: number, letter: number): number {
    const key = node * 0x10000 + letter;
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(letter, 0x85ebca6b)) & this.#mask;
    while (this.#keys[slot] !== empty && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #child(node: number, letter: number): number {
    return this.#children[this.#slot(node, letter)] ?? 0;
  }

  #put(node: number, letter: number, child: number): void {
    const slot = this.#slot(node, letter);
    this.#keys[slot] = node * 0x10000 + letter;
    this.#children[slot] = child;
  }
}

/** A child has a higher number than its parent. */
function depthsOf(parents: Int32Array, nodes: number): Int32Array {
  const depths = new Int32Array(nodes);
  for (let node = 1; node < nodes; node += 1) depths[node] = (depths[parents[node] ?? 0] ?? 0) + 1;
  return depths;
}

/** All nodes but the root, parents before children. */
function byDepth(depths: Int32Array): Int32Array {
  const nodes = depths.length;
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  const next = new Int32Array(deepest + 2);
  for (let node = 1; node < nodes; node += 1) {
    const after = (depths[node] ?? 0) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let depth = 1; depth < next.length; depth += 1)
    next[depth] = (next[depth] ?? 0) + (next[depth - 1] ?? 0);
  const order = new Int32Array(Math.max(nodes - 1, 0));
  for (let node = 1; node < nodes; node += 1) {
    const depth = depths[node] ?? 0;
    const place = next[depth] ?? 0;
    order[place] = node;
    next[depth] = place + 1;
  }
  return order;
}
