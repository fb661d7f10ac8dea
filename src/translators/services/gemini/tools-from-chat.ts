// Tools and the choice among them as Gemini's functionDeclarations and functionCallingConfig. Must not know messages.
import { isJsonObject, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { openApiSchema } from "./openapi-schema.ts";

export interface Tools {
  readonly tools?: readonly JsonObject[];
  readonly toolConfig?: JsonObject;
}

export function toolsOf(
  { tools = [], tool_choice: choice }: ChatRequest,
  context: TranslationContext,
): Tools {
  if (tools.length === 0) return {};
  if (context.traits.tools === false) {
    context.notes.dropped("tools");
    return {};
  }
  const allowed = allowedOnly(choice);
  const declarations = tools.flatMap((tool, at) =>
    allowed === undefined || allowed.has(tool.function.name) ? [declarationOf(tool, at, context)] : [],
  );
  if (declarations.length === 0) return {};
  const config = callingConfig(choice);
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(config !== undefined && { toolConfig: { functionCallingConfig: config } }),
  };
}

function declarationOf(
  { function: { name, description, parameters, strict }, cache_control: mark }: ChatTool,
  at: number,
  { traits, notes }: TranslationContext,
): JsonObject {
  if (strict === true) notes.dropped(`tools.${at}.function.strict`);
  if (mark !== undefined) notes.dropped(`tools.${at}.cache_control`);
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined &&
      hasParameters(parameters) &&
      (traits.schemas === "openapi"
        ? { parameters: openApiSchema(parameters) }
        : { parametersJsonSchema: parameters })),
  };
}

/** An object without properties is refused: a function without parameters says nothing of them. */
function hasParameters(schema: JsonObject): boolean {
  const properties = memberOf(schema, "properties");
  const isEmpty =
    properties === undefined || (isJsonObject(properties) && Object.keys(properties).length === 0);
  const isPlain = (memberOf(schema, "type") ?? "object") === "object";
  const isOpen = ["$ref", "anyOf", "oneOf", "allOf", "patternProperties"].some(
    (name) => memberOf(schema, name) !== undefined,
  );
  const isAnyObject =
    memberOf(schema, "additionalProperties") === true ||
    isJsonObject(memberOf(schema, "additionalProperties"));
  return !(isEmpty && isPlain && !isOpen && !isAnyObject);
}

/** Names that a mode without force is narrowed to: only these are declared, as such a mode takes no names. */
function allowedOnly(choice: ChatToolChoice | undefined): ReadonlySet<string> | undefined {
  if (typeof choice !== "object" || choice.type !== "allowed_tools") return undefined;
  return new Set(namesOf(choice.allowed_tools.tools));
}

function namesOf(tools: readonly JsonObject[]): string[] {
  return tools.flatMap((tool) => textOf(memberOf(tool, "function"), "name") ?? textOf(tool, "name") ?? []);
}

function callingConfig(choice: ChatToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined) return undefined;
  if (choice === "none") return { mode: "NONE" };
  if (choice === "auto") return { mode: "AUTO" };
  if (choice === "required") return { mode: "ANY" };
  if (choice.type === "function") return { mode: "ANY", allowedFunctionNames: [choice.function.name] };
  return { mode: choice.allowed_tools.mode === "required" ? "ANY" : "AUTO" };
}
