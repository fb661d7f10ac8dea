// What can be done to the text of a document, here or in a worker thread. Knows no thread.
import { parseDocument } from "./document-parse.ts";
import type { DocumentFormat, DocumentResult } from "./document-parse.ts";
import { findPositions } from "./document-position.ts";
import type { Position } from "./document-position.ts";

export type DocumentTask =
  | { readonly task: "parse"; readonly text: string; readonly format: DocumentFormat }
  | { readonly task: "locate"; readonly text: string; readonly paths: readonly string[] };

export type DocumentAnswer =
  | { readonly task: "parse"; readonly result: DocumentResult }
  | { readonly task: "locate"; readonly positions: readonly Position[] };

export function runDocumentTask(task: DocumentTask): DocumentAnswer {
  if (task.task === "parse") return { task: "parse", result: parseDocument(task.text, task.format) };
  return { task: "locate", positions: findPositions(task.text, task.paths) };
}
