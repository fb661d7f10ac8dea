// Who may call the operations about learning: rows of the authorisation table. Tests only.
import type { AuthorisationRow, World } from "./authorisation-table.ts";

const read = { needs: "read", sphere: "object" } as const;
const write = { needs: "write", sphere: "object" } as const;
const at =
  (place: string) =>
  (world: World): string =>
    `model-apis/${world}-api/routing${place}`;

export const routingRows: Readonly<Record<string, AuthorisationRow>> = {
  readRouting: { ...read, path: at("") },
  importLabels: {
    ...write,
    path: at("/labels"),
    body: () => ({ items: [{ prompt: "x", model: "m", score: 1 }] }),
  },
  clearLabels: { ...write, path: at("/labels") },
  trainRouting: { ...write, path: at("/train") },
  publishRouting: { ...write, path: at("/publish"), body: () => ({ version: 1 }) },
  rollBackRouting: { ...write, path: at("/rollback") },
  previewRouting: { ...read, path: at("/preview"), body: () => ({}) },
  reproduceDecision: {
    ...read,
    path: at("/reproduce"),
    body: () => ({ requestId: "none" }),
    found: "no record",
  },
  testRouting: { ...read, path: at("/test"), body: () => ({ prompt: "hello" }) },
  judgeExamples: { ...write, path: at("/domains/accuracy"), body: () => ({ domains: [] }) },
  readJudgeJob: { ...read, path: at("/judge") },
  startJudgeJob: { ...write, path: at("/judge"), body: () => ({ limit: 1 }) },
  cancelJudgeJob: { ...write, path: at("/judge") },
};
