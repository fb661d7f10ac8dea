// Which operations of the admin API leave an entry, and what it calls them: every one that is not a GET, but for those
// that ask a question, and the GETs that take much away. A table; a new operation is audited without a row.
import type { Operation } from "../operation.ts";

/** By id. Operations of collections need no row: their action follows from the method. */
const actions: Readonly<Record<string, string>> = {
  applyConfiguration: "apply",
  planConfiguration: "plan",
  exportConfiguration: "export",
  exportLogRecords: "export",
  exportAuditLog: "export",
  rollBack: "rollback",
  createCredential: "issue-key",
  createToken: "issue-key",
  deleteCredential: "revoke",
  rotateCredential: "rotate",
  resetQuota: "reset",
  resetGroupQuota: "reset",
  purgeCache: "purge",
  deleteToken: "revoke",
  openSession: "sign-in",
  finishOidc: "sign-in",
  closeSession: "sign-out",
  endUserSessions: "end-session",
  endUserSession: "end-session",
  endOtherSessions: "end-session",
  endOwnSession: "end-session",
  changeOwnPassword: "change-password",
  runSetUp: "set-up",
  debugModelApi: "debug",
  startJudgeJob: "judge",
  cancelJudgeJob: "cancel",
  importLabels: "import",
  trainRouting: "train",
  publishRouting: "publish",
  rollBackRouting: "rollback",
  giveFeedback: "feedback",
  deleteFeedback: "feedback",
};

/** GETs that leave an entry. */
const auditedReads: ReadonlySet<string> = new Set([
  "exportConfiguration",
  "exportLogRecords",
  "exportAuditLog",
  "finishOidc",
]);

/** Questions that are asked by POST because of what they take. They change nothing, and consoles ask them at every key. */
export const questions: ReadonlySet<string> = new Set([
  "checkModelApi",
  "explainRequest",
  "listCharacteristics",
  "previewAlert",
  "previewRouting",
  "reproduceDecision",
  "judgeExamples",
  "testRouting",
  "queryMetricsPage",
]);

const actionOfMethod: Readonly<Record<Operation["method"], string>> = {
  get: "read",
  post: "create",
  put: "update",
  patch: "update",
  delete: "delete",
};

export function isAudited({ id, method }: Pick<Operation, "id" | "method">): boolean {
  return method === "get" ? auditedReads.has(id) : !questions.has(id);
}

export function auditAction({ id, method, path }: Pick<Operation, "id" | "method" | "path">): string {
  const listed = actions[id];
  if (listed !== undefined) return listed;
  return path.endsWith("/test") ? "test" : actionOfMethod[method];
}

/** The collection that an address belongs to. */
export function auditKind(path: string): string | null {
  const [, kind] = /^\/api\/v1\/([\w-]+)/u.exec(path) ?? [];
  return kind === undefined || /^(?:config|session|setup|sign-in|revisions|audit-log)$/u.test(kind)
    ? null
    : kind;
}
