// Reads HTTP/1.1 messages off raw sockets and shows their framing instead of hiding it. Must not know the gateway.

export type HeaderLine = readonly [name: string, value: string];

/** One message as it stood on the wire. Header names keep their case. */
export interface HttpMessage {
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  /** Exact bytes of the start line and headers, blank line included. */
  readonly head: Buffer;
  readonly framing: "none" | "length" | "chunked" | "close";
  readonly body: Buffer;
  /** False when the connection ended before the framing said so. */
  readonly complete: boolean;
}

/** First value of a header, whatever the case of its name. */
export function headerOf(message: Pick<HttpMessage, "headers">, name: string): string | undefined {
  return message.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

export interface MessageReaderOptions {
  readonly kind: "request" | "response";
  /** True when the next answer has no body whatever its headers say (HEAD). */
  bodyless?(): boolean;
  onHead?(message: HttpMessage): void;
  onBody?(piece: Buffer): void;
  onMessage(message: HttpMessage): void;
}

type State = "head" | "length" | "size" | "data" | "data-end" | "trailers" | "close";

const blankLine = Buffer.from("\r\n\r\n");

/** Incremental reader of one direction of one connection; throws on framing that is not HTTP/1.1. */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  #state: State = "head";
  #pending: Buffer = Buffer.alloc(0);
  #left = 0;
  #head: HttpMessage | undefined;
  #pieces: Buffer[] = [];

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  /** Body bytes of the message under way. */
  bodySoFar(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** The message under way, once its head has arrived. */
  get current(): HttpMessage | undefined {
    return this.#head;
  }

  push(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    while (this.#step());
  }

  /** The peer sent FIN or the connection broke: what is under way ends here. */
  end(): void {
    if (this.#head !== undefined) this.#finish(this.#state === "close");
  }

  #step(): boolean {
    switch (this.#state) {
      case "head":
        return this.#readHead();
      case "length":
      case "data":
        return this.#readCounted();
      case "size":
        return this.#readSize();
      case "data-end":
        return this.#skipLineEnd();
      case "trailers":
        return this.#readTrailers();
      case "close":
        return this.#readAll();
    }
  }

  #take(count: number): Buffer {
    const taken = this.#pending.subarray(0, count);
    this.#pending = this.#pending.subarray(count);
    return taken;
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf(blankLine);
    if (end === -1) return false;
    const head = this.#take(end + blankLine.length);
    const [startLine = "", ...lines] = head.toString("latin1").slice(0, -4).split("\r\n");
    const headers = lines.map(parseHeaderLine);
    const [state, framing, left] = this.#framing(startLine, headers);
    this.#head = { startLine, headers, head, framing, body: Buffer.alloc(0), complete: false };
    this.#left = left;
    this.#options.onHead?.(this.#head);
    if (framing === "none") this.#finish(true);
    else {
      this.#state = state;
      if (state === "length" && left === 0) this.#finish(true);
    }
    return true;
  }

  #framing(startLine: string, headers: readonly HeaderLine[]): [State, HttpMessage["framing"], number] {
    const response = this.#options.kind === "response";
    const status = response ? Number(startLine.split(" ")[1]) : 0;
    const noBody =
      response && (status < 200 || status === 204 || status === 304 || this.#options.bodyless?.() === true);
    if (noBody) return ["head", "none", 0];
    if (headerOf({ headers }, "transfer-encoding")?.toLowerCase() === "chunked")
      return ["size", "chunked", 0];
    const length = headerOf({ headers }, "content-length");
    if (length !== undefined) return ["length", "length", Number(length)];
    return response ? ["close", "close", 0] : ["head", "none", 0];
  }

  #readCounted(): boolean {
    if (this.#pending.length === 0) return false;
    const piece = this.#take(Math.min(this.#left, this.#pending.length));
    this.#left -= piece.length;
    this.#body(piece);
    if (this.#left > 0) return false;
    if (this.#state === "length") this.#finish(true);
    else this.#state = "data-end";
    return true;
  }

  #readSize(): boolean {
    const line = this.#readLine();
    if (line === undefined) return false;
    if (!/^[0-9a-f]+$/i.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line)}`);
    this.#left = Number.parseInt(line, 16);
    this.#state = this.#left === 0 ? "trailers" : "data";
    return true;
  }

  #skipLineEnd(): boolean {
    const line = this.#readLine();
    if (line === undefined) return false;
    if (line !== "") throw new Error(`chunk is longer than its size: ${JSON.stringify(line)}`);
    this.#state = "size";
    return true;
  }

  #readTrailers(): boolean {
    const line = this.#readLine();
    if (line === undefined) return false;
    if (line === "") this.#finish(true);
    return true;
  }

  #readAll(): boolean {
    if (this.#pending.length > 0) this.#body(this.#take(this.#pending.length));
    return false;
  }

  #readLine(): string | undefined {
    const end = this.#pending.indexOf("\r\n");
    if (end === -1) return undefined;
    return this.#take(end + 2)
      .toString("latin1")
      .slice(0, -2);
  }

  #body(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#options.onBody?.(piece);
  }

  #finish(complete: boolean): void {
    const head = this.#head;
    if (head === undefined) return;
    const message = { ...head, body: this.bodySoFar(), complete };
    this.#head = undefined;
    this.#pieces = [];
    this.#state = "head";
    this.#options.onMessage(message);
  }
}

function parseHeaderLine(line: string): HeaderLine {
  const colon = line.indexOf(":");
  if (colon === -1) throw new Error(`not a header line: ${JSON.stringify(line)}`);
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
