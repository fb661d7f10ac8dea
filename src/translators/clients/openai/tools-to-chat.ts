// Reads tools, tool choice and response format of an OpenAI chat completion, in the form before tools as well. Must not
// know messages.
import type { JsonObject } from "../../../lib/json-value.ts";
import type {
  CacheControl,
  ChatRequest,
  ChatTool,
  ChatToolChoice,
  ResponseFormat,
} from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { fault, isObject, listAt, objectAt, optionalText, own, textAt } from "./field-faults.ts";

type ToolFields = Pick<ChatRequest, "tools" | "tool_choice">;

export function readTools(body: JsonObject, notes: TranslationNotes): ToolFields {
  const given = own(body, "tools");
  if (given === undefined && own(body, "functions") !== undefined) return readFunctions(body);
  const tools = listAt(given ?? [], "tools").flatMap((tool, index) =>
    readTool(objectAt(tool, `tools.${index}`), `tools.${index}`, notes),
  );
  const choice = readChoice(own(body, "tool_choice"), notes);
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
  };
}

/** Tools that are no functions run at OpenAI, or answer in a grammar: nothing else has them. */
function readTool(tool: JsonObject, at: string, notes: TranslationNotes): ChatTool | readonly [] {
  if (own(tool, "type") !== "function") {
    textAt(own(tool, "type"), `${at}.type`);
    notes.dropped(at);
    return [];
  }
  const described = readFunction(objectAt(own(tool, "function"), `${at}.function`), `${at}.function`);
  const cache = cacheControl(tool);
  return { type: "function", function: described, ...(cache === undefined ? {} : { cache_control: cache }) };
}

function cacheControl(tool: JsonObject): CacheControl | undefined {
  const cache = own(tool, "cache_control");
  if (!isObject(cache)) return undefined;
  const ttl = own(cache, "ttl");
  return { type: "ephemeral", ...(typeof ttl === "string" ? { ttl } : {}) };
}

function readFunction(described: JsonObject, at: string): ChatTool["function"] {
  const name = textAt(own(described, "name"), `${at}.name`);
  const description = optionalText(described, "description", `${at}.`);
  const parameters = own(described, "parameters");
  const strict = own(described, "strict");
  if (strict !== undefined && typeof strict !== "boolean")
    throw fault(`${at}.strict`, "must be true or false");
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters: objectAt(parameters, `${at}.parameters`) }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function readChoice(choice: unknown, notes: TranslationNotes): ChatToolChoice | undefined {
  if (choice === undefined) return undefined;
  if (choice === "none" || choice === "auto" || choice === "required") return choice;
  if (!isObject(choice)) throw fault("tool_choice", "must be none, auto, required or a tool");
  switch (own(choice, "type")) {
    case "function":
      return { type: "function", function: { name: chosenName(choice) } };
    case "allowed_tools":
      return allowedTools(objectAt(own(choice, "allowed_tools"), "tool_choice.allowed_tools"));
    default:
      // A custom tool, which was dropped.
      textAt(own(choice, "type"), "tool_choice.type");
      notes.dropped("tool_choice");
      return undefined;
  }
}

function chosenName(choice: JsonObject): string {
  const chosen = objectAt(own(choice, "function"), "tool_choice.function");
  return textAt(own(chosen, "name"), "tool_choice.function.name");
}

function allowedTools(allowed: JsonObject): ChatToolChoice {
  const mode = own(allowed, "mode");
  if (mode !== "auto" && mode !== "required")
    throw fault("tool_choice.allowed_tools.mode", "must be auto or required");
  const tools = listAt(own(allowed, "tools"), "tool_choice.allowed_tools.tools").map((tool, index) =>
    objectAt(tool, `tool_choice.allowed_tools.tools.${index}`),
  );
  return { type: "allowed_tools", allowed_tools: { mode, tools } };
}

function readFunctions(body: JsonObject): ToolFields {
  const tools = listAt(own(body, "functions"), "functions").map((described, index): ChatTool => {
    const at = `functions.${index}`;
    return { type: "function", function: readFunction(objectAt(described, at), at) };
  });
  const choice = own(body, "function_call");
  if (choice === undefined) return { tools };
  if (choice === "none" || choice === "auto") return { tools, tool_choice: choice };
  const name = textAt(own(objectAt(choice, "function_call"), "name"), "function_call.name");
  return { tools, tool_choice: { type: "function", function: { name } } };
}

export function readResponseFormat(body: JsonObject): ResponseFormat | undefined {
  const format = own(body, "response_format");
  if (format === undefined) return undefined;
  const object = objectAt(format, "response_format");
  const type = own(object, "type");
  if (type === "text" || type === "json_object") return { type };
  if (type !== "json_schema") throw fault("response_format.type", "must be text, json_object or json_schema");
  const at = "response_format.json_schema";
  const given = objectAt(own(object, "json_schema"), at);
  const schema = own(given, "schema");
  const description = optionalText(given, "description", `${at}.`);
  const strict = own(given, "strict");
  return {
    type,
    json_schema: {
      name: textAt(own(given, "name"), `${at}.name`),
      ...(schema === undefined ? {} : { schema: objectAt(schema, `${at}.schema`) }),
      ...(description === undefined ? {} : { description }),
      ...(typeof strict === "boolean" ? { strict } : {}),
    },
  };
}
