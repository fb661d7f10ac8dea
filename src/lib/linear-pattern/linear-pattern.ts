// Regular expressions that cannot explode: a text is gone through once from its end, to see where matches begin, and once
// from its beginning, to see how far they reach. No back-references, no looking around. Knows not what is looked for.
import { Alphabet, Automaton, TooManyStates } from "./automaton.ts";
import { parsePattern, type Node, type Range } from "./pattern-syntax.ts";

/** How often each character may be looked at for the longest match, on average; then the shortest is taken. */
const patience = 16;

export interface LinearPattern {
  /** Puts a mask in the place of every match, the longest of those that begin first. @param mask by the length of it */
  replaceAll(text: string, mask: (length: number) => string): string;
  /** The same matches by place, in order: beginning and end of each. The whole text where it cannot be told in good time. */
  spans(text: string): readonly { readonly start: number; readonly end: number }[];
  /**
   * Of a text that goes on: where the first match may begin that what follows may still make or change; its length for
   * none. `from` where it cannot be told in good time.
   * @param from matches that begin before are none of it, nor those that begin at `to` or later
   */
  openFrom(text: string, from: number, to?: number): number;
}

/** @throws SyntaxError that says why the pattern cannot be used */
export function compilePattern(source: string): LinearPattern {
  const node = parsePattern(source);
  if (canBeEmpty(node)) throw new SyntaxError("it matches where nothing stands");
  return new CompiledPattern(node);
}

function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "assert":
      return true;
    case "sequence":
      return node.items.every(canBeEmpty);
    case "choice":
      return node.options.some(canBeEmpty);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.item);
  }
}

function setsOf(node: Node): (readonly Range[])[] {
  switch (node.kind) {
    case "set":
      return [node.ranges];
    case "assert":
      return [];
    case "sequence":
      return node.items.flatMap(setsOf);
    case "choice":
      return node.options.flatMap(setsOf);
    case "repeat":
      return setsOf(node.item);
  }
}

class CompiledPattern implements LinearPattern {
  readonly #alphabet: Alphabet;
  readonly #beginnings: Automaton;
  readonly #match: Automaton;
  #steps = 0;

  constructor(node: Node) {
    this.#alphabet = new Alphabet(setsOf(node));
    this.#beginnings = new Automaton(node, this.#alphabet, true, true);
    this.#match = new Automaton(node, this.#alphabet, false, false);
  }

  replaceAll(text: string, mask: (length: number) => string): string {
    const spans = this.spans(text);
    if (spans.length === 0) return text;
    let masked = "";
    let from = 0;
    for (const { start, end } of spans) {
      masked += text.slice(from, start) + mask(end - start);
      from = end;
    }
    return masked + text.slice(from);
  }

  spans(text: string): { start: number; end: number }[] {
    try {
      return this.#spans(text);
    } catch (error) {
      // Whether it holds what is looked for cannot be told in good time, so nothing of it is kept.
      if (error instanceof TooManyStates) return [{ start: 0, end: text.length }];
      throw error;
    }
  }

  openFrom(text: string, from: number, to = text.length): number {
    try {
      return this.#openFrom(text, from, to);
    } catch (error) {
      if (error instanceof TooManyStates) return from;
      throw error;
    }
  }

  #openFrom(text: string, from: number, to: number): number {
    const alphabet = this.#alphabet;
    const automaton = this.#match;
    const mostSteps = patience * (text.length - from) + 1;
    let steps = 0;
    automaton.reset();
    let behind = from === 0 ? -1 : alphabet.of(text.charCodeAt(from - 1));
    for (let start = from; start < to; start += 1) {
      let state = automaton.start(behind);
      behind = alphabet.of(text.charCodeAt(start));
      for (let at = start; !Automaton.isDead(state); at += 1) {
        if (at === text.length) return start;
        steps += 1;
        if (steps > mostSteps) return from;
        state = automaton.step(state, alphabet.of(text.charCodeAt(at)));
      }
    }
    return text.length;
  }

  #spans(text: string): { start: number; end: number }[] {
    const spans: { start: number; end: number }[] = [];
    const begins = this.#whereBegins(text);
    if (begins === null) return spans;
    this.#steps = 0;
    this.#match.reset();
    for (let at = 0; at < text.length; at += 1) {
      if (begins[at] === 0) continue;
      const end = this.#endOf(text, at);
      if (end === -1) continue;
      spans.push({ start: at, end });
      at = end - 1;
    }
    return spans;
  }

  /** For each place, whether a match begins there; null = nowhere. */
  #whereBegins(text: string): Uint8Array | null {
    const alphabet = this.#alphabet;
    const automaton = this.#beginnings;
    automaton.reset();
    let begins: Uint8Array | null = null;
    let state = automaton.start(-1);
    for (let at = text.length; at >= 0; at -= 1) {
      const of = at === 0 ? alphabet.size : alphabet.of(text.charCodeAt(at - 1));
      const next = automaton.step(state, of);
      if (state.matches[of] === 1) {
        begins ??= new Uint8Array(text.length + 1);
        begins[at] = 1;
      }
      state = next;
    }
    return begins;
  }

  #endOf(text: string, start: number): number {
    const alphabet = this.#alphabet;
    const automaton = this.#match;
    let state = automaton.start(start === 0 ? -1 : alphabet.of(text.charCodeAt(start - 1)));
    let end = -1;
    for (let at = start; at <= text.length; at += 1) {
      const of = at === text.length ? alphabet.size : alphabet.of(text.charCodeAt(at));
      const next = automaton.step(state, of);
      if (state.matches[of] === 1) end = at;
      this.#steps += 1;
      const isImpatient = this.#steps > patience * text.length;
      if (Automaton.isDead(next) || (end !== -1 && isImpatient)) return end;
      state = next;
    }
    return end;
  }
}
