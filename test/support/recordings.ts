// Turns the recorded traffic under test/fixtures into exact bytes. Must not know the gateway.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const fixturesFolder = join(import.meta.dirname, "..", "fixtures");

/** One recorded exchange. */
export interface Recording {
  /** `folder/file#exchange`, unique. */
  readonly name: string;
  /** What was spoken: openai-chat, openai-completions, openai-embeddings, openai-responses, anthropic, anthropic-count-tokens. */
  readonly protocol: string;
  /** What the recording shows, such as `tool-call` or `error-in-200`; holds for the file, not for each exchange. */
  readonly features: readonly string[];
  readonly status: number;
  readonly contentType: string;
  readonly stream: boolean;
  /** The body of the answer as on the wire; white space and framing are ours where they were not recorded. */
  readonly body: Buffer;
  /** Path and query of the request, if it was recorded. */
  readonly requestPath: string | undefined;
  readonly requestBody: Buffer | undefined;
}

interface RecordedMessage {
  readonly url?: string;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyEncoding: string;
  readonly body: unknown;
}

interface RecordingFile {
  readonly protocol: string;
  readonly features: readonly string[];
  readonly exchanges: readonly {
    readonly request: RecordedMessage | null;
    readonly response: RecordedMessage;
  }[];
}

/** All exchanges of one folder of test/fixtures, in the order of the file names. */
export function loadRecordings(folder: string): Recording[] {
  const files = readdirSync(join(fixturesFolder, folder)).filter((file) => file.endsWith(".json"));
  return files.toSorted().flatMap((file) => {
    const text = readFileSync(join(fixturesFolder, folder, file), "utf8");
    // The files are our own data: their shape is fixed by the README beside them.
    const parsed = JSON.parse(text) as RecordingFile;
    const base = `${folder}/${file.replace(/\.json$/, "")}`;
    return parsed.exchanges.map((_, index) => readExchange(base, parsed, index));
  });
}

function readExchange(base: string, file: RecordingFile, index: number): Recording {
  const exchange = file.exchanges[index];
  if (exchange === undefined) throw new RangeError(`${base} has no exchange ${index}`);
  const { request, response } = exchange;
  // Two recordings lost their URL at the source.
  const url = request?.url === undefined || !URL.canParse(request.url) ? undefined : new URL(request.url);
  const protocol = protocolOf(url?.pathname ?? "", file.protocol);
  const stream =
    response.bodyEncoding === "sse-data-lines" ||
    (response.headers["content-type"] ?? "").includes("event-stream");
  return {
    name: `${base}#${index}`,
    protocol,
    features: file.features,
    status: response.status ?? 200,
    contentType: response.headers["content-type"] ?? (stream ? "text/event-stream" : "application/json"),
    stream,
    body: bodyBytes(response, protocol),
    requestPath: url === undefined ? undefined : url.pathname + url.search,
    requestBody:
      request === null || request.bodyEncoding === "none" ? undefined : bodyBytes(request, protocol),
  };
}

/** A file may hold exchanges with several services: the path of the request tells what this one spoke. */
function protocolOf(path: string, fallback: string): string {
  if (path.endsWith("/responses")) return "openai-responses";
  if (path.endsWith("/embeddings")) return "openai-embeddings";
  if (path.endsWith("/count_tokens")) return "anthropic-count-tokens";
  return fallback;
}

function bodyBytes(message: RecordedMessage, protocol: string): Buffer {
  switch (message.bodyEncoding) {
    case "json":
      return Buffer.from(JSON.stringify(message.body));
    case "utf8":
      return Buffer.from(String(message.body));
    case "base64":
      return Buffer.from(String(message.body), "base64");
    case "sse-data-lines":
      if (!Array.isArray(message.body)) throw new TypeError("sse-data-lines must be an array");
      return Buffer.from(message.body.map((line) => frame(String(line), protocol)).join(""));
    case "none":
      return Buffer.alloc(0);
    default:
      throw new TypeError(`unknown bodyEncoding ${message.bodyEncoding}`);
  }
}

/** Where the framing was not recorded: that of the protocol, Anthropic's and Responses' with the event name. */
function frame(data: string, protocol: string): string {
  if (protocol !== "anthropic" && protocol !== "openai-responses") return `data: ${data}\n\n`;
  const event: unknown = JSON.parse(data);
  const type =
    typeof event === "object" && event !== null && "type" in event ? String(event.type) : "message";
  return `event: ${type}\ndata: ${data}\n\n`;
}
