// An explanation of the admin API as lines for people. Trusts none of its shape: the gateway may be of another version.
import { record } from "../lib/unknown-json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** @param answer of `POST /model-apis/{name}/explain` */
export function explanationLines(answer: Fields): string[] {
  const route = text(answer["route"]);
  const reason = text(answer["reason"]);
  const fallback = rows(answer["fallback"]);
  return [
    ...section("route", [route === "" ? "none" : `${route} (${text(answer["protocol"])})`, reason]),
    ...section("refused", refusalLines(answer["refusal"])),
    ...section("policies", rows(answer["policies"]).map(policyLine)),
    ...section("decision", decisionLines(record(answer["decision"]))),
    ...section("order", rows(answer["order"]).flatMap(targetLines)),
    ...section("fallback", fallback.flatMap(targetLines)),
    ...(fallback.length === 0 ? [] : section("on", [texts(answer["fallbackOn"]).join(", ")])),
  ];
}

const labelWidth = 10;

/** The label before the first line, the others below it; nothing without a line. */
function section(label: string, lines: readonly string[]): string[] {
  return lines
    .filter((line) => line !== "")
    .map((line, index) => `${(index === 0 ? label : "").padEnd(labelWidth)}${line}`);
}

function refusalLines(value: unknown): string[] {
  const { status, code, message } = record(value);
  return typeof status === "number" ? [`${status} ${text(code)}: ${text(message)}`] : [];
}

function policyLine(policy: Fields): string {
  return withReason(`${text(policy["name"])}: ${text(policy["verdict"])}`, policy["reason"]);
}

function decisionLines(decision: Fields): string[] {
  const mode = text(decision["mode"]);
  if (mode === "") return [];
  return [
    `${mode}: ${text(decision["reason"])}`,
    ...routingLines(record(decision["routing"])),
    ...rows(decision["candidates"]).map(candidateLine),
  ];
}

/** Of mode intelligent: what the model was chosen by. */
function routingLines({ router, evidence }: Fields): string[] {
  const { prompt, profile, defaultModel, named, previous, rule, inToolLoop } = record(evidence);
  if (text(profile) === "") return [];
  const { domains, language, complexity, familiarity, source } = record(prompt);
  const likely = rows(domains).map(({ name, probability }) => `${text(name)} ${number(probability)}`);
  const parts = (list: readonly (readonly [string, string])[]): string =>
    list.flatMap(([name, value]) => (value === "" ? [] : [`${name} ${value}`])).join(", ");
  const promptParts = parts([
    ["domains", likely.join(" ")],
    ["by", text(source)],
    ["language", text(language)],
    ["complexity", number(complexity)],
    ["familiarity", number(familiarity)],
  ]);
  const asked = parts([
    ["profile", text(profile)],
    ["default", text(defaultModel)],
    ["named", text(named)],
    ["rule", text(record(rule)["name"])],
    ["before", text(previous)],
    ["in a loop of", inToolLoop === true ? "tools" : ""],
    ["router", text(router)],
  ]);
  return [`prompt: ${promptParts}`, asked];
}

/** Numbers that a mode adds are shown by their names, as more of them come with time. */
function candidateLine(candidate: Fields): string {
  const { service, model, reason, ...numbers } = candidate;
  const shown = Object.entries(numbers)
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) => `${name} ${String(value)}`);
  const name = [text(service), text(model)].filter((part) => part !== "").join(" ");
  return withReason([`- ${name}`, ...shown].join(", "), reason);
}

function targetLines(target: Fields): string[] {
  const model = text(target["model"]);
  const timeoutMs = target["firstPacketTimeoutMs"];
  const timeout =
    typeof timeoutMs === "number" && timeoutMs > 0 ? `, first packet within ${timeoutMs} ms` : "";
  const name = `${text(target["service"])}${model === "" ? "" : ` as ${model}`}${timeout}`;
  return [
    withReason(`${name}: ${text(target["standing"])}`, target["reason"]),
    indented(text(target["url"])),
  ];
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}

function withReason(line: string, reason: unknown): string {
  return text(reason) === "" ? line : `${line} (${text(reason)})`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): string {
  return typeof value === "number" ? String(value) : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function rows(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}
