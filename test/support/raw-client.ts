// An HTTP client that sends exactly the bytes it is given, and goes away as rudely as a test wants. Must not know the gateway.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Changes } from "./changes.ts";
import { headerOf, MessageReader, type HeaderLine, type HttpMessage } from "./http-message.ts";

/** One answer; informational ones (1xx) that came before it are kept beside it. */
export interface Answer extends HttpMessage {
  readonly status: number;
  readonly informational: readonly number[];
  /** First value of a header, by lower-case name. */
  header(name: string): string | undefined;
  text(): string;
  json(): unknown;
}

export interface RequestParts {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly body?: string | Buffer | undefined;
  /** Send the body chunked, in these pieces' sizes; default is a content-length. */
  readonly chunked?: boolean | undefined;
  /** Value of Host; default is the address. */
  readonly host?: string | undefined;
}

/** The bytes of an ordinary request. A body gets `content-type: application/json` unless the headers say otherwise. */
export function buildRequest(parts: RequestParts): Buffer {
  const body = parts.body === undefined ? undefined : Buffer.from(parts.body);
  const lines: HeaderLine[] = [["host", parts.host ?? "127.0.0.1"], ...(parts.headers ?? [])];
  const named = (name: string): boolean => headerOf({ headers: lines }, name) !== undefined;
  if (body !== undefined && !named("content-type")) lines.push(["content-type", "application/json"]);
  if (body !== undefined && parts.chunked === true) lines.push(["transfer-encoding", "chunked"]);
  else if (body !== undefined && !named("content-length"))
    lines.push(["content-length", String(body.length)]);
  const head = [`${parts.method ?? (body === undefined ? "GET" : "POST")} ${parts.path} HTTP/1.1`];
  for (const [name, value] of lines) head.push(`${name}: ${value}`);
  const sent: Buffer[] = [Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1")];
  if (body !== undefined) sent.push(parts.chunked === true ? chunk(body, true) : body);
  return Buffer.concat(sent);
}

/** One HTTP chunk, followed by the last one when `last`. */
export function chunk(bytes: Buffer, last = false): Buffer {
  const framed =
    bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")];
  return Buffer.concat(last ? [...framed, Buffer.from("0\r\n\r\n")] : framed);
}

/** One connection. Times are of `performance.now()`, comparable with the upstream's in the same process. */
export class RawClient {
  readonly #socket: Socket;
  readonly #changes = new Changes();
  readonly #answers: Answer[] = [];
  readonly #methods: string[] = [];
  readonly #reader: MessageReader;
  #informational: number[] = [];
  #received = 0;
  #closedAtMs: number | undefined;
  #framingError: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = new MessageReader({
      kind: "response",
      bodyless: () => this.#methods[0] === "HEAD",
      onHead: () => this.#changes.notify(),
      onBody: () => this.#changes.notify(),
      onMessage: (message) => this.#keep(message),
    });
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    // A reset is an ending like any other here: `closed` and `complete` tell of it.
    socket.on("error", () => undefined);
    socket.on("end", () => this.#gone());
    socket.on("close", () => this.#gone());
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<RawClient> {
    const socket = connect({ port, host, allowHalfOpen: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Sends bytes as they are. `method` is only needed for an answer without a body (HEAD). */
  send(bytes: string | Buffer, method = "POST"): void {
    this.#methods.push(method);
    this.sendMore(bytes);
  }

  /** Sends further bytes of a request already begun. */
  sendMore(bytes: string | Buffer): void {
    this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Sends one request and waits for its whole answer. */
  async request(parts: RequestParts): Promise<Answer> {
    this.send(buildRequest(parts), parts.method);
    return this.answer();
  }

  /** The next final answer, whole or cut off. Rejects when the connection closes without one. */
  async answer(): Promise<Answer> {
    const result = await this.#changes.until(() => {
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      if (this.#framingError !== undefined) return this.#framingError;
      return this.#closedAtMs === undefined
        ? undefined
        : new Error(`closed without an answer after ${this.#received} bytes`);
    });
    if (result instanceof Error) throw result;
    return result;
  }

  /** Waits until the head of the answer under way has come. */
  async head(): Promise<HttpMessage> {
    return this.#changes.until(() => this.#reader.current);
  }

  /** Waits until the body of the answer under way fulfils `test`; gives it as it stands then. */
  async body(test: (body: Buffer) => boolean): Promise<Buffer> {
    return this.#changes.until(() => {
      const body = this.#reader.bodySoFar();
      return test(body) ? body : undefined;
    });
  }

  /** Time at which the other side closed the connection (FIN or RST), or we did. */
  async closed(): Promise<number> {
    return this.#changes.until(() => this.#closedAtMs);
  }

  /** Bytes received so far over the whole connection. */
  get receivedBytes(): number {
    return this.#received;
  }

  get informational(): readonly number[] {
    return this.#informational;
  }

  /** Waits for a 1xx answer. */
  async interim(status: number): Promise<void> {
    await this.#changes.until(() => (this.#informational.includes(status) ? true : undefined));
  }

  /** Stops and starts reading, as a slow client does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes our side only. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Goes away at once; gives the time at which it did. */
  destroy(): number {
    const at = performance.now();
    this.#socket.destroy();
    return at;
  }

  /** Goes away with a RST; gives the time at which it did. */
  reset(): number {
    const at = performance.now();
    this.#socket.resetAndDestroy();
    return at;
  }

  #gone(): void {
    this.#closedAtMs ??= performance.now();
    this.#reader.end();
    this.#changes.notify();
  }

  #receive(bytes: Buffer): void {
    this.#received += bytes.length;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#framingError = error instanceof Error ? error : new Error(String(error));
      this.#socket.destroy();
    }
    this.#changes.notify();
  }

  #keep(message: HttpMessage): void {
    const status = Number(message.startLine.split(" ")[1]);
    if (status < 200) {
      this.#informational.push(status);
      return;
    }
    this.#methods.shift();
    this.#answers.push({
      ...message,
      status,
      informational: this.#informational,
      header: (name) => headerOf(message, name),
      text: () => message.body.toString("utf8"),
      json: () => JSON.parse(message.body.toString("utf8")) as unknown,
    });
    this.#informational = [];
  }
}

/** One request on a connection of its own, closed afterwards. */
export async function exchange(port: number, parts: RequestParts): Promise<Answer> {
  const client = await RawClient.connect(port);
  try {
    return await client.request(parts);
  } finally {
    client.destroy();
  }
}
