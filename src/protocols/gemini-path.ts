// Reads the model and the verb that Gemini has in its paths and puts another model there. Must not know hosts or services.

/** What the path of a Gemini request says. */
export interface GeminiPath {
  /** Percent-decoded. */
  readonly model: string;
  /** `generateContent`, `streamGenerateContent` …; "" without one. */
  readonly verb: string;
  readonly stream: boolean;
  /** Where the model stands in the path, as offsets of the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * What stands between the last `models` and the verb behind a colon; without a verb the segment after `models`: what
 * follows a slash is then of no matter.
 */
const modelSegment =
  /^.*\/models\/(?<model>[^/:]+(?:\/[^/:]+)*(?=:(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents|countTokens)$)|[^/:]+)(?::(?<verb>[^/]*))?/d;

/**
 * Reads an undecoded path without its query. Undefined when it names no model, or one that is not validly encoded.
 */
export function readGeminiPath(path: string): GeminiPath | undefined {
  const match = modelSegment.exec(path);
  const range = match?.indices?.groups?.["model"];
  if (range === undefined) return undefined;
  const [start, end] = range;
  const model = decode(path.slice(start, end));
  if (model === undefined) return undefined;
  const verb = match?.groups?.["verb"] ?? "";
  return { model, verb, stream: verb === "streamGenerateContent", start, end };
}

/** The path with another model; the very same text when it has this one already. */
export function rewriteGeminiPath(path: string, read: GeminiPath, model: string): string {
  if (model === read.model) return path;
  return path.slice(0, read.start) + encodeURIComponent(model) + path.slice(read.end);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
