// Reads request bodies within a limit. Knows no route.
import { ControlError } from "./control-error.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";

/** Deeper than any resource; what walks a body may then call itself per level. */
const maximumDepth = 100;

/**
 * The whole body as text; stops reading as soon as it is over the limit.
 * @throws ControlError `too_large`, or `invalid` when it is not UTF-8
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () => new ControlError("too_large", `The body may have at most ${maxBytes} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (request.headers.has("content-encoding"))
    throw new ControlError("invalid", "Send the body without Content-Encoding.");
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // Anything else than our own refusal means that the client went away or broke the framing.
    throw error instanceof ControlError
      ? error
      : new ControlError("invalid", "The body did not arrive as a whole.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TypeError) throw new ControlError("invalid", "The body is not valid UTF-8.");
    throw error;
  }
}

/** @throws ControlError `invalid` when the text is not one JSON object */
export function parseJsonObject(text: string): JsonObject {
  if (isNestedTooDeep(text))
    throw new ControlError("invalid", `The body nests more than ${maximumDepth} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new ControlError("invalid", "The body is not valid JSON.");
  }
  if (!isJsonObject(value)) throw new ControlError("invalid", "The body must be one JSON object.");
  return value;
}

function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > maximumDepth) return true;
  }
  return false;
}
