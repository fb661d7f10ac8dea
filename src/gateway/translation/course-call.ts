// One call to a service whose answer is whole only later: a task is looked at until it is over, with the key that made it,
// and what it made is fetched. To whoever receives the answer it is one call. Knows no protocol.
import type { Clock } from "../../core/clock.ts";
import { parseExactJson } from "../../lib/exact-json.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";
import type { CallCourse, CallStanding, MediaAsk } from "../../translators/translation.ts";
import type { Call, UpstreamFailure, UpstreamHandler } from "../upstream/upstream.ts";

/** Of an answer that is read here. */
const maxBytes = 64 * 1024 * 1024;
/** A look at a task that takes longer is given up; the next one may fare better. */
const lookTimeoutMs = 10_000;
/** How long a request that makes a task may go on without its client, so that its task can be called off. */
const lingerMs = 50;
const cancelTimeoutMs = 5_000;

const tooLarge: UpstreamFailure = { kind: "broken", reusedConnection: false, detail: "ANSWER_TOO_LARGE" };

export interface CourseTools {
  readonly course: CallCourse;
  /** Milliseconds between looks, and until the task is given up. */
  readonly pollMs: number;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** The call itself. */
  begin(handler: UpstreamHandler): Call;
  /** Another request to the same service with the same key. */
  ask(method: "GET" | "POST", path: string, handler: UpstreamHandler): Call;
  /** Resolves when they are there. @throws GatewayError */
  fetch(media: readonly MediaAsk[], signal: AbortSignal): Promise<void>;
  /** The task was made, `made`, or it is over without having made anything. */
  onTask(made: boolean): void;
  /** Not over in time. */
  onLate(): void;
  /** What was made could not be fetched. */
  onUnfetched(error: unknown): void;
}

interface Came {
  readonly status: number;
  readonly headers: Buffer[];
  readonly body: Buffer;
}

/** A task that is still under way. */
type Waiting = Extract<CallStanding, { kind: "waiting" }>;

export class CourseCall implements Call {
  readonly #tools: CourseTools;
  /** Gets the answer when it is whole. */
  readonly #handler: UpstreamHandler;
  readonly #late: Deadline;
  readonly #next: Deadline;
  readonly #fetching = new AbortController();
  #call: Call | null = null;
  #connected = false;
  #waiting: Waiting | null = null;
  #over = false;
  #left = false;

  constructor(tools: CourseTools, handler: UpstreamHandler) {
    this.#tools = tools;
    this.#handler = handler;
    this.#late = new Deadline(() => this.#expire());
    this.#next = new Deadline(() => this.#look());
    this.#call = tools.begin(
      new Collected({
        onCame: (came) => this.#onAnswer(came),
        onFailure: (failure) => this.#fail(failure),
      }),
    );
    if (!this.#over) tools.wheel.arm(this.#late, tools.deadlineMs);
  }

  get connected(): boolean {
    return this.#connected || this.#call?.connected === true;
  }

  resume(): void {
    this.#call?.resume();
  }

  abort(): void {
    if (this.#over || this.#left) return;
    this.#left = true;
    if (this.#waiting !== null || !this.#tools.course.makesTask || this.#connected) return this.#stop();
    this.#tools.wheel.arm(this.#late, lingerMs);
  }

  /** Nothing is heard of it any more, and it is called off. */
  #stop(): void {
    if (this.#over) return;
    const waiting = this.#waiting;
    this.#end();
    this.#call?.abort();
    this.#fetching.abort();
    if (waiting !== null) this.#callOff(waiting);
  }

  #end(): void {
    this.#over = true;
    this.#waiting = null;
    this.#tools.wheel.cancel(this.#late);
    this.#tools.wheel.cancel(this.#next);
  }

  /** As far as the service still can; what it says of it changes nothing. */
  #callOff({ cancel }: Waiting): void {
    const { wheel } = this.#tools;
    const limit = new Deadline(() => call.abort());
    const done = (): void => wheel.cancel(limit);
    wheel.arm(limit, cancelTimeoutMs);
    const call = this.#tools.ask("POST", cancel, new Collected({ onCame: done, onFailure: done }));
  }

  #expire(): void {
    if (this.#left) return this.#stop();
    this.#stop();
    this.#tools.onLate();
  }

  #onAnswer(came: Came): void {
    if (this.#over) return;
    this.#connected = true;
    const body = came.status === 200 ? parsed(came.body) : undefined;
    const standing = body === undefined ? undefined : this.#tools.course.standing(body);
    if (standing?.kind === "waiting") return this.#wait(standing);
    if (this.#left) return this.#stop();
    if (standing === undefined) return this.#give(came);
    if (standing.failed) this.#tools.onTask(false);
    if (standing.media.length === 0) return this.#give(came);
    // What was made is there: it cannot be called off.
    this.#waiting = null;
    void this.#fetch(standing.media, came);
  }

  #wait(waiting: Waiting): void {
    const { pollMs, wheel, onTask } = this.#tools;
    this.#waiting = waiting;
    if (this.#left) return this.#stop();
    onTask(true);
    wheel.arm(this.#next, pollMs);
  }

  #look(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const { wheel, ask, pollMs } = this.#tools;
    const again = (): void => {
      wheel.cancel(limit);
      if (!this.#over) wheel.arm(this.#next, pollMs);
    };
    const limit = new Deadline(() => {
      call.abort();
      again();
    });
    wheel.arm(limit, lookTimeoutMs);
    const call = ask(
      "GET",
      waiting.look,
      new Collected({
        onCame: (came) => {
          // The task goes on all the same: it is asked for again.
          if (isPassing(came)) return again();
          wheel.cancel(limit);
          this.#onAnswer(came);
        },
        onFailure: again,
      }),
    );
    this.#call = call;
  }

  async #fetch(media: readonly MediaAsk[], came: Came): Promise<void> {
    try {
      await this.#tools.fetch(media, this.#fetching.signal);
    } catch (error) {
      if (this.#over) return;
      this.#end();
      return this.#tools.onUnfetched(error);
    }
    if (!this.#over) this.#give(came);
  }

  #give({ status, headers, body }: Came): void {
    this.#end();
    this.#handler.onHead(status, headers);
    if (body.length > 0) this.#handler.onData(body);
    this.#handler.onEnd();
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#over) return;
    this.#end();
    if (!this.#left) this.#handler.onFailure(failure);
  }
}

/** Faults of a look, not of the task. */
function isPassing({ status, body }: Came): boolean {
  if (status === 408 || status === 429 || status >= 500) return true;
  return status === 200 && parsed(body) === undefined;
}

function parsed(body: Buffer): unknown {
  try {
    return parseExactJson(body.toString());
  } catch {
    return undefined;
  }
}

interface Collecting {
  onCame(came: Came): void;
  onFailure(failure: UpstreamFailure): void;
}

/** Holds one answer until it is there. */
class Collected implements UpstreamHandler {
  readonly #collecting: Collecting;
  #status = 0;
  #headers: Buffer[] = [];
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(collecting: Collecting) {
    this.#collecting = collecting;
  }

  onHead(status: number, headers: Buffer[]): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= maxBytes) this.#pieces.push(chunk);
    else this.#pieces = [];
    return true;
  }

  onEnd(): void {
    if (this.#bytes > maxBytes) return this.#collecting.onFailure(tooLarge);
    const body = Buffer.concat(this.#pieces, this.#bytes);
    this.#collecting.onCame({ status: this.#status, headers: this.#headers, body });
  }

  onFailure(failure: UpstreamFailure): void {
    this.#collecting.onFailure(failure);
  }
}
