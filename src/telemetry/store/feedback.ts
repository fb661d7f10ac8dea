// What people think of answers, kept beside the records. Knows no record.
import type { DatabaseSync } from "node:sqlite";
import type { LogFeedback } from "../log-answers.ts";

export function writeFeedback(db: DatabaseSync, requestId: string, feedback: LogFeedback | null): void {
  if (feedback === null) {
    db.prepare("DELETE FROM feedback WHERE request_id = ?").run(requestId);
    return;
  }
  const { score, comment, by, at } = feedback;
  db.prepare(
    "INSERT OR REPLACE INTO feedback (request_id, score, comment, by, at) VALUES (?, ?, ?, ?, ?)",
  ).run(requestId, score, comment, by, at);
}

export function readFeedback(db: DatabaseSync, requestId: string): LogFeedback | null {
  const row = db.prepare("SELECT score, comment, by, at FROM feedback WHERE request_id = ?").get(requestId);
  if (row === undefined) return null;
  const score = Number(row["score"]);
  return {
    score: score > 0 ? 1 : score < 0 ? -1 : 0,
    comment: String(row["comment"]),
    by: String(row["by"]),
    at: String(row["at"]),
  };
}
