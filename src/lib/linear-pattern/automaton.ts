// Runs a pattern over a text in one pass, whatever either holds: sets of states as they turn up, remembered as states of
// a deterministic automaton. Knows no syntax.
import { lineEnds, wordRanges, type Assertion, type Node, type Range } from "./pattern-syntax.ts";

type Instruction =
  | { readonly op: "take"; readonly classes: Uint8Array; readonly next: number }
  | { readonly op: "fork"; left: number; readonly right: number }
  | { readonly op: "assert"; readonly at: Assertion; readonly next: number }
  | { readonly op: "match" };

const maxInstructions = 600;
const maxClasses = 250;
/** Remembered before all is forgotten and begun anew. */
const maxStates = 1_000;
/** Made for one text: a pattern that needs more has too many ways to be matched. */
const maxStatesPerText = 20_000;

/** What stands on one side of a place. */
const edge = 0;
const lineEnd = 1;
const word = 2;
const other = 3;
type Side = typeof edge | typeof lineEnd | typeof word | typeof other;

/** A text took more states than a pattern may need. */
export class TooManyStates extends Error {}

/** Characters that no part of a pattern tells apart are one class. */
export class Alphabet {
  readonly #classOf = new Uint8Array(0x10000);
  /** By class. */
  readonly sides: Side[] = [];

  constructor(sets: readonly (readonly Range[])[]) {
    const bounds = new Set([0]);
    for (const [from, to] of [...sets, wordRanges, lineEnds].flat()) bounds.add(from).add(to + 1);
    const starts = [...bounds].filter((bound) => bound <= 0xffff).toSorted((left, right) => left - right);
    const signatures = new Map<string, number>();
    for (const [index, start] of starts.entries()) {
      const members = [...sets, wordRanges, lineEnds].map((set) => (isIn(start, set) ? "1" : "0")).join("");
      const known = signatures.get(members);
      const number = known ?? signatures.size;
      if (known === undefined) {
        if (number >= maxClasses) throw new SyntaxError("it tells too many sorts of characters apart");
        signatures.set(members, number);
        this.sides.push(isIn(start, wordRanges) ? word : isIn(start, lineEnds) ? lineEnd : other);
      }
      this.#classOf.fill(number, start, starts[index + 1] ?? 0x10000);
    }
  }

  get size(): number {
    return this.sides.length;
  }

  /** The class of a character, by its code. */
  of(code: number): number {
    return this.#classOf[code] ?? 0;
  }

  /** For each class, whether it is in a set. */
  members(ranges: readonly Range[]): Uint8Array {
    const members = new Uint8Array(this.size);
    for (const [from, to] of ranges) {
      for (let code = from; code <= to; code += 1) members[this.of(code)] = 1;
    }
    return members;
  }
}

function isIn(code: number, ranges: readonly Range[]): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to);
}

/** Writes instructions from the end of a pattern to its beginning. */
class Program {
  readonly instructions: Instruction[] = [{ op: "match" }];
  readonly #alphabet: Alphabet;
  readonly #backward: boolean;

  constructor(alphabet: Alphabet, backward: boolean) {
    this.#alphabet = alphabet;
    this.#backward = backward;
  }

  #push(instruction: Instruction): number {
    if (this.instructions.length >= maxInstructions)
      throw new SyntaxError("it is too long, repetitions counted");
    return this.instructions.push(instruction) - 1;
  }

  /** @returns where it begins, given where it goes on */
  emit(node: Node, next: number): number {
    switch (node.kind) {
      case "set":
        return this.#push({ op: "take", classes: this.#alphabet.members(node.ranges), next });
      case "assert":
        return this.#push({ op: "assert", at: this.#backward ? mirrored(node.at) : node.at, next });
      case "sequence": {
        const items = this.#backward ? node.items : node.items.toReversed();
        return items.reduce((after, item) => this.emit(item, after), next);
      }
      case "choice":
        return node.options
          .map((option) => this.emit(option, next))
          .reduce((left, right) => this.#push({ op: "fork", left, right }));
      case "repeat":
        return this.#repeat(node, next);
    }
  }

  #repeat({ item, min, max }: Extract<Node, { kind: "repeat" }>, next: number): number {
    let at = next;
    if (max === null) {
      const fork: Extract<Instruction, { op: "fork" }> = { op: "fork", left: next, right: next };
      at = this.#push(fork);
      fork.left = this.emit(item, at);
    } else {
      for (let count = min; count < max; count += 1) {
        at = this.#push({ op: "fork", left: this.emit(item, at), right: next });
      }
    }
    for (let count = 0; count < min; count += 1) at = this.emit(item, at);
    return at;
  }
}

function mirrored(at: Assertion): Assertion {
  if (at === "start") return "end";
  return at === "end" ? "start" : at;
}

interface State {
  /** Where the pattern may stand, before the next character is known. */
  readonly places: readonly number[];
  readonly behind: Side;
  /** By class, the last for the end of the text: the next state; undefined = not known yet. */
  readonly next: (State | undefined)[];
  /** By class: whether a match ends before that character. */
  readonly matches: Uint8Array;
}

export class Automaton {
  readonly #instructions: readonly Instruction[];
  readonly #entry: number;
  readonly #alphabet: Alphabet;
  readonly #searching: boolean;
  #states = new Map<string, State>();
  /** By what stands before. */
  #starts: (State | undefined)[] = [];
  #made = 0;

  /**
   * @param backward the text is gone through from its end
   * @param searching a match may begin anywhere
   */
  constructor(node: Node, alphabet: Alphabet, backward: boolean, searching: boolean) {
    const program = new Program(alphabet, backward);
    this.#entry = program.emit(node, 0);
    this.#instructions = program.instructions;
    this.#alphabet = alphabet;
    this.#searching = searching;
  }

  /** @param classBehind of the character before; -1 = the edge of the text */
  start(classBehind: number): State {
    const side = classBehind === -1 ? edge : this.#side(classBehind);
    return (this.#starts[side] ??= this.#state([this.#entry], side));
  }

  /** A new text. */
  reset(): void {
    this.#made = 0;
  }

  /** @param of the next character's class; the alphabet's size = the edge */
  step(state: State, of: number): State {
    return state.next[of] ?? this.#learn(state, of);
  }

  static isDead(state: State): boolean {
    return state.places.length === 0;
  }

  #side(of: number): Side {
    return this.#alphabet.sides[of] ?? edge;
  }

  #learn(state: State, of: number): State {
    const ahead = of === this.#alphabet.size ? edge : this.#side(of);
    const reached = this.#closure(state.places, state.behind, ahead);
    const places: number[] = [];
    for (const place of reached) {
      const instruction = this.#instructions[place];
      if (instruction?.op === "match") state.matches[of] = 1;
      if (instruction?.op === "take" && instruction.classes[of] === 1) places.push(instruction.next);
    }
    if (this.#searching) places.push(this.#entry);
    const next = this.#state(places, ahead);
    state.next[of] = next;
    return next;
  }

  #closure(places: readonly number[], behind: Side, ahead: Side): Set<number> {
    const reached = new Set<number>();
    const open = [...places];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (reached.has(place)) continue;
      reached.add(place);
      const instruction = this.#instructions[place];
      if (instruction?.op === "fork") open.push(instruction.left, instruction.right);
      else if (instruction?.op === "assert" && isAt(instruction.at, behind, ahead))
        open.push(instruction.next);
    }
    return reached;
  }

  #state(places: readonly number[], behind: Side): State {
    const sorted = [...new Set(places)].toSorted((left, right) => left - right);
    const name = `${behind}:${sorted.join(",")}`;
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    this.#made += 1;
    if (this.#made > maxStatesPerText) throw new TooManyStates();
    if (this.#states.size >= maxStates) {
      this.#states = new Map();
      this.#starts = [];
    }
    const state: State = {
      places: sorted,
      behind,
      next: Array.from<State | undefined>({ length: this.#alphabet.size + 1 }),
      matches: new Uint8Array(this.#alphabet.size + 1),
    };
    this.#states.set(name, state);
    return state;
  }
}

function isAt(at: Assertion, behind: Side, ahead: Side): boolean {
  switch (at) {
    case "start":
      return behind === edge || behind === lineEnd;
    case "end":
      return ahead === edge || ahead === lineEnd;
    case "word":
      return (behind === word) !== (ahead === word);
    case "inside":
      return (behind === word) === (ahead === word);
  }
}
