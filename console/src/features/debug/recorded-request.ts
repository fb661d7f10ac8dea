// A recorded request as the panel can send it again: in the fields of a chat where they hold all of it, else as it was.
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { isObject, numberAt, parseJson, textAt, type JsonObject } from "./json.ts";
import { customRows, type Dial, type Settings } from "./settings.ts";
import type { Inputs } from "./use-cases/use-case-request.ts";

export type Taken =
  /** One message, in the field where messages are written. */
  | { readonly kind: "chat"; readonly settings: Settings; readonly text: string }
  /** The whole body, in the form for any route. */
  | { readonly kind: "json"; readonly settings: Settings; readonly inputs: Inputs };

const fields: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "max_tokens",
  "top_p",
  "temperature",
  "system",
]);

/** Null where the body was not recorded, or not whole. @param settings of route, model and stream */
export function recordedRequest(
  settings: Settings,
  record: Pick<ExchangeRecord, "method" | "path" | "requestContent">,
  isChat: boolean,
): Taken | null {
  const body = parseJson(record.requestContent ?? "");
  if (!isObject(body)) return null;
  const chat = isChat ? chatOf(body) : null;
  if (chat !== null) {
    const { text, system } = chat;
    const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !fields.has(name)));
    return {
      kind: "chat",
      text,
      settings: {
        ...settings,
        system,
        maxTokens: dialOf(body, "max_tokens", settings.maxTokens),
        topP: dialOf(body, "top_p", settings.topP),
        temperature: dialOf(body, "temperature", settings.temperature),
        custom: customRows(rest),
        extended: true,
      },
    };
  }
  return {
    kind: "json",
    settings: { ...settings, form: "json" },
    inputs: { method: record.method, path: record.path, body: JSON.stringify(body, null, 2) },
  };
}

/** One message of a user, after at most one of the system, all plain text. */
function chatOf(body: JsonObject): { readonly text: string; readonly system: string } | null {
  const { messages, system = "" } = body;
  if (!Array.isArray(messages) || typeof system !== "string") return null;
  const [first, second, ...more] = messages.map((message: unknown) => ({
    role: textAt(message, "role"),
    text: isObject(message) && Object.keys(message).length === 2 ? textAt(message, "content") : "",
  }));
  if (first === undefined || more.length > 0 || first.text === "") return null;
  if (second === undefined) return first.role === "user" ? { text: first.text, system } : null;
  const isPair = first.role === "system" && second.role === "user" && second.text !== "" && system === "";
  return isPair ? { text: second.text, system: first.text } : null;
}

function dialOf(body: JsonObject, name: string, { value }: Dial): Dial {
  const number = numberAt(body, name);
  return number === null ? { send: false, value } : { send: true, value: number };
}
