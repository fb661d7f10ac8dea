// Lets more than one listen to an answer; one listener, or none, costs what it did. Knows not what they do with it.
import type { ClientCall } from "../listener/listener.ts";
import type { AnswerTap } from "./capture.ts";

export function addTap(call: ClientCall, tap: AnswerTap): void {
  call.tap = call.tap === null ? tap : new TwoTaps(call.tap, tap);
}

class TwoTaps implements AnswerTap {
  readonly #first: AnswerTap;
  readonly #second: AnswerTap;

  constructor(first: AnswerTap, second: AnswerTap) {
    this.#first = first;
    this.#second = second;
  }

  head(headers: readonly string[]): void {
    this.#first.head(headers);
    this.#second.head(headers);
  }

  piece(bytes: Buffer | string): void {
    this.#first.piece(bytes);
    this.#second.piece(bytes);
  }

  end(): void {
    this.#first.end();
    this.#second.end();
  }
}
