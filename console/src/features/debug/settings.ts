// The settings of a debug run: the product's parameters with their limits, and their short form in the address.
import { isObject, parseJson } from "./json.ts";

export const customTypes = ["text", "number", "boolean", "json"] as const;
export type CustomType = (typeof customTypes)[number];

/** A parameter of the author's own, put into the body last. */
export interface CustomParameter {
  readonly id: string;
  readonly key: string;
  readonly type: CustomType;
  readonly value: string;
}

/** A number and whether it is sent at all. */
export interface Dial {
  readonly send: boolean;
  readonly value: number;
}

export interface Settings {
  /** Which request is sent, by id; empty = the first that the Model API takes. */
  readonly form: string;
  /** Empty = the first domain. */
  readonly domain: string;
  readonly model: string;
  readonly stream: boolean;
  readonly system: string;
  readonly maxTokens: Dial;
  readonly topP: Dial;
  readonly temperature: Dial;
  readonly custom: readonly CustomParameter[];
  readonly extended: boolean;
  /** Consumer in whose name it is sent; empty = as admin. */
  readonly consumer: string;
}

export const defaultSettings: Settings = {
  form: "",
  domain: "",
  model: "",
  stream: true,
  system: "",
  maxTokens: { send: true, value: 1024 },
  topP: { send: true, value: 0.95 },
  temperature: { send: true, value: 1 },
  custom: [],
  extended: false,
  consumer: "",
};

export type DialName = "maxTokens" | "topP" | "temperature";

export interface DialRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export const systemPromptLimit = 100;
export const extendedSystemPromptLimit = 32_000;
const maxTokensLimit = 8192;
const extendedMaxTokensLimit = 1_000_000;

export function systemLimit(extended: boolean): number {
  return extended ? extendedSystemPromptLimit : systemPromptLimit;
}

/** @param modelLimit context window of the model, where it is known */
export function dialRange(name: DialName, extended: boolean, modelLimit?: number): DialRange {
  if (name === "topP") return { min: 0, max: 1, step: 0.01 };
  if (name === "temperature") return { min: 0, max: 2, step: 0.01 };
  return { min: 0, max: extended ? (modelLimit ?? extendedMaxTokensLimit) : maxTokensLimit, step: 1 };
}

/** The nearest value that the range allows. */
export function clampDial(value: number, { min, max, step }: DialRange): number {
  if (!Number.isFinite(value)) return min;
  const stepped = Math.round(value / step) * step;
  return Number(Math.min(max, Math.max(min, stepped)).toFixed(2));
}

/** What is sent of a dial; providers refuse 0 tokens, so 0 is not sent. */
export function dialValue(settings: Settings, name: DialName): number | undefined {
  const { send, value } = settings[name];
  return !send || (name === "maxTokens" && value === 0) ? undefined : value;
}

/** The settings inside their limits: what came from a link, a preset or another limit may lie outside. */
export function withinLimits(settings: Settings): Settings {
  const inside = (name: DialName): Dial => ({
    send: settings[name].send,
    value: clampDial(settings[name].value, dialRange(name, settings.extended)),
  });
  return {
    ...settings,
    system: cutText(settings.system, systemLimit(settings.extended)),
    maxTokens: inside("maxTokens"),
    topP: inside("topP"),
    temperature: inside("temperature"),
  };
}

/** Characters as people count them, so that none is cut in two. */
export function textLength(text: string): number {
  return Array.from(text).length;
}

export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : Array.from(text).slice(0, limit).join("");
}

/** Value of a custom parameter; undefined while it cannot be read as its type. */
export function customValue({ type, value }: CustomParameter): unknown {
  switch (type) {
    case "text":
      return value;
    case "number":
      return value.trim() === "" || !Number.isFinite(Number(value)) ? undefined : Number(value);
    case "boolean":
      return value === "true" ? true : value === "false" ? false : undefined;
    case "json":
      return parseJson(value);
  }
}

/** The custom parameters as one object, as the body takes them. */
export function customObject(custom: readonly CustomParameter[]): Record<string, unknown> {
  return Object.fromEntries(
    custom.flatMap((row) => {
      const value = customValue(row);
      return row.key === "" || value === undefined ? [] : [[row.key, value]];
    }),
  );
}

/** Rows for an object, when somebody writes JSON instead. */
export function customRows(object: Readonly<Record<string, unknown>>): CustomParameter[] {
  return Object.entries(object).map(([key, value], index) => ({ id: `json-${index}`, key, ...typed(value) }));
}

function typed(value: unknown): { type: CustomType; value: string } {
  if (typeof value === "string") return { type: "text", value };
  if (typeof value === "number") return { type: "number", value: String(value) };
  if (typeof value === "boolean") return { type: "boolean", value: String(value) };
  return { type: "json", value: JSON.stringify(value) };
}

/**
 * What differs from the defaults, as text for an address. The system prompt only where it is to be shared.
 * @param message the one in the field, where it is to be shared too
 */
export function writeSettings(settings: Settings, withSystem: boolean, message = ""): string {
  const shown = withSystem ? settings : { ...settings, system: "" };
  const changed = Object.entries(shown).filter(
    ([name, value]) =>
      JSON.stringify(value) !==
      JSON.stringify(Object.entries(defaultSettings).find(([key]) => key === name)?.[1]),
  );
  if (message !== "") changed.push(["message", message]);
  if (changed.length === 0) return "";
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(changed)));
  const binary = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}

/** The message of a shared link; empty without one. */
export function readMessage(text: string | undefined): string {
  const parsed = parseJson(decode(text ?? ""));
  const message = isObject(parsed) ? parsed["message"] : "";
  return typeof message === "string" ? message : "";
}

/** Reads what `writeSettings` wrote; anything else gives the defaults. */
export function readSettings(text: string | undefined): Settings {
  if (text === undefined || text === "") return defaultSettings;
  const parsed = parseJson(decode(text));
  if (!isObject(parsed)) return defaultSettings;
  const word = (name: string): string => (typeof parsed[name] === "string" ? parsed[name] : "");
  return withinLimits({
    form: word("form"),
    domain: word("domain"),
    model: word("model"),
    stream: parsed["stream"] !== false,
    system: word("system"),
    maxTokens: readDial(parsed["maxTokens"], defaultSettings.maxTokens),
    topP: readDial(parsed["topP"], defaultSettings.topP),
    temperature: readDial(parsed["temperature"], defaultSettings.temperature),
    custom: Array.isArray(parsed["custom"]) ? parsed["custom"].flatMap(readCustom) : [],
    extended: parsed["extended"] === true,
    consumer: word("consumer"),
  });
}

function decode(text: string): string {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0));
  } catch {
    return "";
  }
}

function readDial(value: unknown, otherwise: Dial): Dial {
  if (!isObject(value) || typeof value["value"] !== "number") return otherwise;
  return { send: value["send"] !== false, value: value["value"] };
}

function readCustom(value: unknown, index: number): CustomParameter[] {
  if (!isObject(value)) return [];
  const type = customTypes.find((name) => name === value["type"]) ?? "text";
  const { key, value: text } = value;
  return [
    {
      id: `link-${index}`,
      key: typeof key === "string" ? key : "",
      type,
      value: typeof text === "string" ? text : "",
    },
  ];
}
