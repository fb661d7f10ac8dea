// The way of one exchange by its record.
import { expect, test } from "vitest";
import type { AttemptRecord } from "../../../../src/control/routes/console-answers.ts";
import { recordWay } from "./record-way.ts";

const attempt = (outcome: AttemptRecord["outcome"]): AttemptRecord => ({
  service: "s",
  model: "m",
  key: "",
  startedAt: "2026-11-22T08:00:00.000Z",
  status: 200,
  outcome,
  reason: "",
  detail: "",
  ttftMs: 1,
  durationMs: 2,
  nextAction: "none",
});

type Shown = Parameters<typeof recordWay>[0];
const answered: Shown = {
  route: "create-chat-completion",
  errorCode: "",
  attempts: [attempt("ok")],
  status: 200,
  outcome: "ok",
  moderation: [],
  cache: "skip",
};

const found = {
  check: "words",
  direction: "request",
  dimension: "content-compliance",
  risk: "high",
  action: "mask",
  label: "word",
  count: 1,
} as const;

test.each<[string, Partial<Shown>, boolean, string]>([
  ["answered", {}, true, "match passed, auth passed, select passed, attempt passed, reply passed"],
  [
    "answered where nobody is asked who calls",
    {},
    false,
    "match passed, auth off, select passed, attempt passed, reply passed",
  ],
  [
    "answered on the second attempt",
    { attempts: [attempt("timeout"), attempt("ok")] },
    false,
    "match passed, auth off, select passed, attempt failed, attempt passed, reply passed",
  ],
  [
    "failed at every target",
    { attempts: [attempt("upstream_error")], status: 502, outcome: "upstream_error" },
    false,
    "match passed, auth off, select passed, attempt failed, reply refused",
  ],
  [
    "without a route",
    { route: "", attempts: [], status: 404, outcome: "client_error", errorCode: "route_not_found" },
    true,
    "match refused, auth unreached, select unreached, reply unreached",
  ],
  [
    "refused for its key",
    { attempts: [], status: 401, outcome: "client_error", errorCode: "invalid_credentials" },
    true,
    "match passed, auth refused, select unreached, reply unreached",
  ],
  [
    "over its limit",
    { attempts: [], status: 429, outcome: "limited", errorCode: "rate_limited" },
    false,
    "match passed, auth off, limit refused, select unreached, reply unreached",
  ],
  [
    "answered with something masked",
    { moderation: [found] },
    false,
    "match passed, auth off, moderate passed, select passed, attempt passed, reply passed",
  ],
  [
    "blocked before it was sent",
    { attempts: [], status: 400, outcome: "blocked", errorCode: "content_blocked", moderation: [found] },
    false,
    "match passed, auth off, moderate refused, select unreached, reply unreached",
  ],
  [
    "blocked for its answer",
    { status: 400, outcome: "blocked", errorCode: "content_blocked", moderation: [found] },
    false,
    "match passed, auth off, moderate passed, select passed, attempt passed, reply refused",
  ],
  [
    "answered from the cache",
    { attempts: [], cache: "hit" },
    true,
    "match passed, auth passed, cache passed, reply passed",
  ],
])("%s", (_name, fields, hasAuth, way) => {
  const steps = recordWay({ ...answered, ...fields }, hasAuth, false);
  expect(steps.map(({ name, state }) => `${name} ${state}`).join(", ")).toBe(way);
});
