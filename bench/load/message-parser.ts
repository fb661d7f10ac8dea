// Reads HTTP/1.1 messages from byte pieces cut anywhere, for both ends of the load.
// It must not know sockets or what the bodies mean.

export interface MessageSink {
  /** The whole head without its closing empty line. */
  onHead(head: string): void;
  /** Body bytes `piece[start, end)`, chunked framing taken off; never empty. */
  onBody(piece: Buffer, start: number, end: number): void;
  onEnd(): void;
}

/** The peer sent something that is no HTTP/1.1 message with a known length. */
export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

type State = "head" | "length" | "chunk-size" | "chunk-data" | "chunk-end" | "trailer";

const NEED_MORE = -1;

export class MessageParser {
  readonly #sink: MessageSink;
  readonly #kind: "request" | "answer";
  #state: State = "head";
  #left = 0;
  /** Bytes of a line or head whose end has not come yet. */
  #held: Buffer | undefined;

  constructor(kind: "request" | "answer", sink: MessageSink) {
    this.#kind = kind;
    this.#sink = sink;
  }

  /** True between two messages. */
  get idle(): boolean {
    return this.#state === "head" && this.#held === undefined;
  }

  /** Takes the next piece and calls the sink. Throws MalformedMessage; the parser is unusable then. */
  push(arrived: Buffer): void {
    const piece = this.#held === undefined ? arrived : Buffer.concat([this.#held, arrived]);
    this.#held = undefined;
    let at = 0;
    while (at < piece.length) {
      const next = this.#step(piece, at);
      if (next === NEED_MORE) {
        this.#held = piece.subarray(at);
        return;
      }
      at = next;
    }
  }

  #step(piece: Buffer, at: number): number {
    switch (this.#state) {
      case "head":
        return this.#head(piece, at);
      case "length":
      case "chunk-data":
        return this.#data(piece, at);
      case "chunk-size":
        return this.#chunkSize(piece, at);
      case "chunk-end":
        return this.#chunkEnd(piece, at);
      case "trailer":
        return this.#trailer(piece, at);
    }
  }

  #head(piece: Buffer, at: number): number {
    const end = piece.indexOf("\r\n\r\n", at);
    if (end < 0) return NEED_MORE;
    const head = piece.toString("latin1", at, end);
    this.#sink.onHead(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (length !== null) {
      this.#left = Number(length[1]);
      this.#state = "length";
      if (this.#left === 0) this.#end();
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#state = "chunk-size";
    } else if (this.#kind === "request") {
      this.#end();
    } else {
      throw new MalformedMessage("an answer without a length");
    }
    return end + 4;
  }

  #data(piece: Buffer, at: number): number {
    const end = Math.min(piece.length, at + this.#left);
    this.#left -= end - at;
    this.#sink.onBody(piece, at, end);
    if (this.#left === 0) {
      if (this.#state === "length") this.#end();
      else this.#state = "chunk-end";
    }
    return end;
  }

  #chunkSize(piece: Buffer, at: number): number {
    const end = piece.indexOf("\r\n", at);
    if (end < 0) return NEED_MORE;
    const line = piece.toString("latin1", at, end);
    if (!/^[0-9a-f]{1,8}(?:[ ;]|$)/i.test(line)) throw new MalformedMessage(`a chunk size of "${line}"`);
    this.#left = Number.parseInt(line, 16);
    this.#state = this.#left === 0 ? "trailer" : "chunk-data";
    return end + 2;
  }

  #chunkEnd(piece: Buffer, at: number): number {
    if (piece.length - at < 2) return NEED_MORE;
    if (piece[at] !== 13 || piece[at + 1] !== 10) throw new MalformedMessage("a chunk longer than its size");
    this.#state = "chunk-size";
    return at + 2;
  }

  #trailer(piece: Buffer, at: number): number {
    const end = piece.indexOf("\r\n", at);
    if (end < 0) return NEED_MORE;
    if (end === at) this.#end();
    return end + 2;
  }

  #end(): void {
    // The sink may send the next request at once, so the state is set first.
    this.#state = "head";
    this.#sink.onEnd();
  }
}
