// What one exchange says, kept for its record while its Model API has that switched on: both bodies, or the messages of a
// socket. Nothing is read, decoded or redacted before the client has its answer.
import type { ContentBudget } from "./content-budget.ts";
import { ContentSink, withCommas } from "./content-sink.ts";
import { contentText, decoded, slackBytes, type TextOptions } from "./content-text.ts";
import { isForm, writeForm } from "./form-content.ts";

/** What the Model API wants. */
export interface CaptureRules {
  readonly request: boolean;
  readonly response: boolean;
  readonly maxBytes: number;
}

/** Told of an answer as it goes to the client. */
export interface AnswerTap {
  /** @param headers flat: name, value */
  head(headers: readonly string[]): void;
  piece(bytes: Buffer | string): void;
  /** All of it was handed out; not called for an answer that is broken off. */
  end(): void;
}

export interface CapturedContent {
  readonly requestContent?: string;
  readonly responseContent?: string;
}

/** Media types that say something without being looked at by a program. */
const textType =
  /^(?:text\/.*|application\/(?:[a-z0-9.+-]*[+.-])?(?:json|ndjson|jsonl|jsonlines|json-seq|xml|yaml|javascript|graphql|x-www-form-urlencoded))$/;

function isText(contentType: string): boolean {
  const [type = ""] = contentType.split(";");
  const name = type.trim().toLowerCase();
  return name === "" || textType.test(name);
}

/** Messages that came one after the other and are no text. */
interface BinaryRun {
  first: number;
  count: number;
  bytes: number;
}

/** One body, or one way of a socket. */
class Side {
  readonly sink: ContentSink;
  /** Media type of a body that is no text; "" for text. */
  binaryType = "";
  coding = "";
  #binary: BinaryRun | null = null;

  constructor(maxBytes: number, budget: ContentBudget) {
    this.sink = new ContentSink({ maxBytes: maxBytes + slackBytes, budget, elides: true });
  }

  text(number: number, mark: string, data: Buffer): void {
    this.#endBinary(mark);
    this.sink.push(Buffer.from(`${number} ${mark} `));
    this.sink.push(data);
    this.sink.push(lineFeed);
  }

  binary(number: number, bytes: number): void {
    this.#binary ??= { first: number, count: 0, bytes: 0 };
    this.#binary.count += 1;
    this.#binary.bytes += bytes;
  }

  #endBinary(mark: string): void {
    const run = this.#binary;
    if (run === null) return;
    this.#binary = null;
    const what = run.count === 1 ? "1 binary message" : `${withCommas(run.count)} binary messages`;
    this.sink.push(Buffer.from(`${run.first} ${mark} <${what}, ${withCommas(run.bytes)} bytes>\n`));
  }

  /** @param mark of the direction on a socket */
  finish(mark: string): void {
    this.#endBinary(mark);
  }
}

const lineFeed = Buffer.from("\n");
const toService = ">";
const toClient = "<";

export class Capture implements AnswerTap {
  readonly rules: CaptureRules;
  readonly #budget: ContentBudget;
  readonly #request: Side | null;
  readonly #response: Side | null;
  /** Of a request that is too large to be held: its first bytes, and how many came. */
  #upload: ContentSink | null = null;
  #messages = 0;
  #over = false;

  constructor(rules: CaptureRules, budget: ContentBudget) {
    this.rules = rules;
    this.#budget = budget;
    this.#request = rules.request ? new Side(rules.maxBytes, budget) : null;
    this.#response = rules.response ? new Side(rules.maxBytes, budget) : null;
  }

  /** A whole body. */
  requestBody(bytes: Buffer, type: string): void {
    const side = this.#request;
    if (side === null || this.#over) return;
    this.#upload?.release();
    this.#upload = null;
    this.#writeRequest(side, { bytes, total: bytes.length, type });
  }

  /** A piece of a body that may become too large to be held. */
  requestPiece(bytes: Buffer): void {
    if (this.#request === null || this.#over) return;
    const maxBytes = this.rules.maxBytes + slackBytes;
    this.#upload ??= new ContentSink({ maxBytes, budget: this.#budget, elides: false });
    this.#upload.push(bytes);
  }

  #writeRequest(side: Side, body: { bytes: Buffer; total: number; type: string }): void {
    const { bytes, total, type } = body;
    if (isForm(type)) writeForm(side.sink, body);
    else if (isText(type)) side.sink.push(bytes);
    else side.sink.push(Buffer.from(binaryLabel(type, total)));
  }

  /** One message of a socket. */
  clientMessage(data: Buffer, binary: boolean): void {
    this.#message(this.#request, toService, data, binary);
  }

  serviceMessage(data: Buffer, binary: boolean): void {
    this.#message(this.#response, toClient, data, binary);
  }

  #message(side: Side | null, mark: string, data: Buffer, binary: boolean): void {
    if (this.#over) return;
    this.#messages += 1;
    if (binary) side?.binary(this.#messages, data.length);
    else side?.text(this.#messages, mark, data);
  }

  head(headers: readonly string[]): void {
    const side = this.#response;
    if (side === null) return;
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index]?.toLowerCase();
      const value = headers[index + 1] ?? "";
      if (name === "content-type" && !isText(value)) side.binaryType = value;
      if (name === "content-encoding" && value.toLowerCase() !== "identity") side.coding = value;
    }
    if (side.coding !== "") side.sink.elides = false;
  }

  piece(bytes: Buffer | string): void {
    if (this.#over) return;
    this.#response?.sink.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }

  end(): void {
    // What is recorded of an answer may be cut off.
  }

  /**
   * What is to be recorded; gives back the memory.
   * @param requestType media type of the request
   */
  take(requestType: string, redact: TextOptions["redact"]): CapturedContent {
    if (this.#over) return {};
    this.#over = true;
    const upload = this.#upload;
    if (upload !== null && this.#request !== null) {
      const { kept, total } = upload;
      this.#writeRequest(this.#request, { bytes: kept, total, type: requestType });
      upload.release();
    }
    const requestContent = this.#textOf(this.#request, toService, redact);
    const responseContent = this.#textOf(this.#response, toClient, redact);
    return {
      ...(requestContent === undefined ? {} : { requestContent }),
      ...(responseContent === undefined ? {} : { responseContent }),
    };
  }

  #textOf(side: Side | null, mark: string, redact: TextOptions["redact"]): string | undefined {
    if (side === null) return undefined;
    side.finish(mark);
    const { sink, binaryType, coding } = side;
    const options = { maxBytes: this.rules.maxBytes, redact };
    try {
      if (sink.total === 0) return undefined;
      if (binaryType !== "") return binaryLabel(binaryType, sink.total);
      if (coding === "") return contentText(sink, options);
      return this.#decodedText(side, options);
    } catch (error) {
      // A record without content is better than none. What the error says may hold some: its name alone is told.
      return `<not recorded: ${error instanceof Error ? error.name : "a defect"}>`;
    } finally {
      sink.release();
    }
  }

  #decodedText({ sink, coding }: Side, options: { maxBytes: number; redact: TextOptions["redact"] }): string {
    const text = decoded(sink.kept, coding);
    if (text === undefined) return binaryLabel(coding, sink.total);
    const { maxBytes } = options;
    const plain = new ContentSink({ maxBytes: maxBytes + slackBytes, budget: this.#budget, elides: true });
    try {
      plain.push(text);
      const rest =
        sink.missing === 0 ? "" : `\n<${withCommas(sink.missing)} more bytes in ${coding} were not recorded>`;
      return contentText(plain, options) + rest;
    } finally {
      plain.release();
    }
  }
}

/** `<audio/mpeg, 12,345 bytes>` */
function binaryLabel(type: string, bytes: number): string {
  const [name = ""] = type.split(";");
  const shown = name
    .trim()
    .replaceAll(/[^A-Za-z0-9.+/_-]/g, "")
    .slice(0, 100);
  return `<${shown === "" ? "binary" : shown}, ${withCommas(bytes)} bytes>`;
}
