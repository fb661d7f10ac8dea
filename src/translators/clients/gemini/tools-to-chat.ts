// Gemini's tools and toolConfig in chat form. Must not know contents.
import { isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { fault, listIn, optionalSpelled, spelled, textIn } from "./spelling.ts";

export interface Tools {
  readonly tools?: readonly ChatTool[];
  readonly tool_choice?: ChatToolChoice;
}

export function toolsOf(body: JsonObject, notes: TranslationNotes): Tools {
  const tools = listIn(body, "tools", "").flatMap((value, at) => {
    const tool = spelled(value, `tools.${at}`);
    // Tools that Google runs itself.
    for (const name of Object.keys(tool))
      if (name !== "functionDeclarations") notes.dropped(`tools.${at}.${name}`);
    return listIn(tool, "functionDeclarations", `tools.${at}.`).map((each, place) =>
      functionOf(each, `tools.${at}.functionDeclarations.${place}`, notes),
    );
  });
  const choice = choiceOf(body, tools, notes);
  if (tools.length === 0) return {};
  return { tools, ...(choice !== undefined && { tool_choice: choice }) };
}

function functionOf(value: unknown, where: string, notes: TranslationNotes): ChatTool {
  const declared = spelled(value, where);
  const name = textIn(declared, "name", `${where}.`);
  if (name === undefined) throw fault(`${where}.name`, "is missing");
  const description = textIn(declared, "description", `${where}.`);
  for (const extra of ["response", "responseJsonSchema", "behavior"])
    if (declared[extra] !== undefined) notes.dropped(`${where}.${extra}`);
  const parameters = parametersOf(declared, where);
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && description !== "" && { description }),
      ...(parameters !== undefined && { parameters }),
    },
  };
}

function parametersOf(declared: JsonObject, where: string): JsonObject | undefined {
  const own = declared["parametersJsonSchema"];
  // It is what is wanted already, its members not to be spelled anew.
  if (isJsonObject(own) && !isRawNumber(own)) return own;
  if (own !== undefined) throw fault(`${where}.parametersJsonSchema`, "must be an object");
  const { parameters } = declared;
  return parameters === undefined ? undefined : jsonSchemaOf(parameters, `${where}.parameters`);
}

function choiceOf(
  body: JsonObject,
  tools: readonly ChatTool[],
  notes: TranslationNotes,
): ChatToolChoice | undefined {
  const config = optionalSpelled(body, "toolConfig", "");
  if (config === undefined) return undefined;
  for (const name of Object.keys(config))
    if (name !== "functionCallingConfig") notes.dropped(`toolConfig.${name}`);
  const where = "toolConfig.functionCallingConfig.";
  const calling = optionalSpelled(config, "functionCallingConfig", "toolConfig.");
  if (calling === undefined) return undefined;
  const mode = textIn(calling, "mode", where)?.toUpperCase() ?? "AUTO";
  const names = listIn(calling, "allowedFunctionNames", where).filter((name) => typeof name === "string");
  if (mode === "NONE") return "none";
  // Nobody else promises calls that fit their schema.
  if (mode === "VALIDATED") notes.rewritten(`${where}mode`);
  const isForced = mode === "ANY";
  const [only] = names;
  if (only === undefined) return isForced ? "required" : "auto";
  if (isForced && names.length === 1) return { type: "function", function: { name: only } };
  const allowed = tools.filter((tool) => names.includes(tool.function.name));
  return {
    type: "allowed_tools",
    allowed_tools: {
      mode: isForced ? "required" : "auto",
      tools: allowed.map((tool) => ({ type: "function", function: { name: tool.function.name } })),
    },
  };
}
