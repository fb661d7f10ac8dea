// One kept connection that calls a Model API without pause, and what came of it, call by call.
import { Agent, request } from "node:http";

const body = '{"model":"m","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}';

export class CallingLane {
  readonly #url: string;
  readonly #key: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #stopped = false;
  calls = 0;
  /** Status of the last answer, and how many in a row had it. */
  status = 0;
  inARow = 0;
  /** How often the status has changed. */
  turns = 0;
  /** `performance.now()` when the last call began that had another status than the last. */
  turnedMs = 0;
  readonly connections = new Set<number>();

  /** @param url of chat completions */
  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async run(): Promise<void> {
    let beganMs = 0;
    while (!this.#stopped) {
      const beforeMs = beganMs;
      beganMs = performance.now();
      const status = await this.#call();
      this.calls += 1;
      if (status === this.status) {
        this.inARow += 1;
        continue;
      }
      if (this.status !== 0) this.turns += 1;
      this.turnedMs = beforeMs;
      this.status = status;
      this.inARow = 1;
    }
    this.#agent.destroy();
  }

  stop(): void {
    this.#stopped = true;
  }

  #call(): Promise<number> {
    const headers = { authorization: `Bearer ${this.#key}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const call = request(this.#url, { agent: this.#agent, method: "POST", headers });
      call.on("error", reject);
      call.on("response", (answer) => {
        this.connections.add(answer.socket.localPort ?? 0);
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", reject);
      });
      call.end(body);
    });
  }
}

/** Asks again whenever the event loop comes round. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
