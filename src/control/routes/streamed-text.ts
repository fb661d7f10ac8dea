// Long texts as answers, made piece by piece when the client has room, with a bound on how many run at once. Knows no
// content of them.
import type { Call } from "../operation.ts";
import { TriedTooOften } from "../tried-too-often.ts";

/** Long answers of one kind that run now, which there is a bound for. */
export class RunningAnswers {
  readonly #what: string;
  readonly #bound: number;
  #count = 0;

  constructor(what: string, bound: number) {
    this.#what = what;
    this.#bound = bound;
  }

  /** @returns how to say that it is over; saying it twice does no harm. @throws TriedTooOften */
  begin(): () => void {
    if (this.#count >= this.#bound)
      throw new TriedTooOften(`${this.#bound} ${this.#what} run already; try again when one is done.`, 5_000);
    this.#count += 1;
    let over = false;
    return () => {
      if (!over) this.#count -= 1;
      over = true;
    };
  }
}

/** Makes the next piece when the client has room. What breaks off is cut, so that nobody takes it for the whole. */
export function streamedText(
  pieces: AsyncGenerator<string>,
  call: Call,
  over: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          let next = await pieces.next();
          while (next.done !== true && next.value === "") next = await pieces.next();
          if (next.done !== true) return controller.enqueue(encoder.encode(next.value));
          over();
          controller.close();
        } catch (error) {
          over();
          if (!call.left.aborted) call.cut?.();
          controller.error(error);
        }
      },
      cancel: async () => {
        over();
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
