// A service that answers chat completions with a usage that the test sets, at once or when it is told to.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Changes } from "./changes.ts";

export interface BillingService {
  readonly url: string;
  /** Requests that have come. */
  readonly asked: number;
  /** Requests that wait for their answer. */
  readonly waiting: number;
  /** Tokens of the next answers. */
  usage: { readonly input: number; readonly output: number } | null;
  /** Status of the next answers. */
  status: number;
  /** Holds answers back from now on. */
  hold(): void;
  /** Waits until so many answers are held back. */
  holding(count: number): Promise<void>;
  /** Waits until so many requests have come. */
  asking(count: number): Promise<void>;
  /** Sends all that is held back, and holds nothing any more. */
  release(): void;
  /** Cuts the connections of all that is held back; what comes again is answered. */
  reset(): void;
  close(): Promise<void>;
}

export async function startBillingService(): Promise<BillingService> {
  const service = new Billing();
  await service.listen();
  return service;
}

class Billing implements BillingService {
  usage: BillingService["usage"] = { input: 10, output: 20 };
  status = 200;
  asked = 0;
  #held: ServerResponse[] = [];
  #holds = false;
  readonly #changes = new Changes();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    // It listens on a port.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get waiting(): number {
    return this.#held.length;
  }

  hold(): void {
    this.#holds = true;
  }

  async holding(count: number): Promise<void> {
    await this.#changes.until(() => (this.#held.length >= count ? true : undefined));
  }

  async asking(count: number): Promise<void> {
    await this.#changes.until(() => (this.asked >= count ? true : undefined));
  }

  release(): void {
    this.#holds = false;
    for (const response of this.#held.splice(0)) this.#send(response);
  }

  reset(): void {
    this.#holds = false;
    for (const response of this.#held.splice(0)) response.socket?.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    request.on("end", () => {
      this.asked += 1;
      if (!this.#holds) {
        this.#send(response);
        this.#changes.notify();
        return;
      }
      this.#held.push(response);
      response.on("close", () => {
        this.#held = this.#held.filter((held) => held !== response);
        this.#changes.notify();
      });
      this.#changes.notify();
    });
  }

  #send(response: ServerResponse): void {
    const { usage, status } = this;
    response.writeHead(status, { "content-type": "application/json" });
    const message = { role: "assistant", content: "Good day." };
    const answer = {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "m",
      choices: [{ index: 0, message, finish_reason: "stop" }],
      ...(usage === null
        ? {}
        : {
            usage: {
              prompt_tokens: usage.input,
              completion_tokens: usage.output,
              total_tokens: usage.input + usage.output,
            },
          }),
    };
    response.end(JSON.stringify(status === 200 ? answer : { error: { message: "no", type: "x" } }));
  }
}
