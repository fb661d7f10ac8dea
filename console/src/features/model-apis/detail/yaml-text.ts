// A Model API as YAML and back, with the line of each fault. Pure; knows no editor.
import { isNode, LineCounter, parseDocument, stringify, type Document } from "yaml";
import type { FaultLine } from "../../../api/client.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { ownFields } from "../api-facts.ts";

/** A fault and where it stands in the text. */
export interface Problem {
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type ReadYaml =
  | { readonly ok: true; readonly object: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function yamlOf(object: object): string {
  return stringify(object, { lineWidth: 0 });
}

/** What may be edited: the object's own fields, with all defaults. */
export function apiYaml(api: ModelApi): string {
  return yamlOf(ownFields(api));
}

/** @param notObject what to say of a text that is no map of fields */
export function readYaml(text: string, notObject: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      from: pos[0],
      to: Math.max(pos[0], pos[1]),
      line: lines.linePos(pos[0]).line,
      // The first line says it; what follows is the text once more.
      message: message.split("\n")[0] ?? message,
    }));
    return { ok: false, problems };
  }
  const object: unknown = document.toJS();
  if (isObject(object)) return { ok: true, object };
  return { ok: false, problems: [{ from: 0, to: text.length, line: 1, message: notObject }] };
}

/** Puts the faults that the admin API found at the fields that they name, or at the nearest field that there is. */
export function placeFaults(text: string, faults: readonly FaultLine[]): Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return faults.map(({ path, message }) => {
    const [from, to] = rangeOf(document, fieldPath(path));
    return {
      from,
      to,
      line: lines.linePos(from).line,
      message: path === "" ? message : `${path}: ${message}`,
    };
  });
}

/** `modelService.targets[0].service` -> its steps. */
export function fieldPath(path: string): (string | number)[] {
  return path
    .split(/[.[\]]+/u)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/u.test(step) ? Number(step) : step));
}

function rangeOf(document: Document, path: readonly (string | number)[]): [number, number] {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return [node.range[0], node.range[1]];
  }
  return [0, 0];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
