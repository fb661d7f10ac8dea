// The Way in words says the same numbers as the picture.
import { expect, it } from "vitest";
import { createTranslate } from "../../i18n/messages.ts";
import { wayMessages } from "./way-messages.ts";
import { pictureOf } from "./way-picture.ts";
import { aWay, anApi, counted } from "./way-samples.ts";
import { routeCount, sentenceOf, stepsInWords } from "./way-words.ts";

const t = createTranslate(wayMessages, "en");
const zh = createTranslate(wayMessages, "zh");
const subs = { match: "3 routes", authenticate: "off", limit: "off", moderate: "off", select: "by weight" };

const failing = pictureOf(
  anApi(undefined, [{ service: "claude" }]),
  aWay([counted("a", "m", 6, 2), counted("b", "m", 2)], {
    stops: { authenticate: [{ status: 401, code: "invalid_credentials", count: 2 }] },
    fallbacks: [{ position: 1, service: "claude", model: "m", tried: 2, served: 1, failed: 1, left: 0 }],
  }),
  undefined,
);

it("tells the way of what came", () => {
  expect(sentenceOf(failing, "chat", "24h", t)).toBe(
    "In the last 24 h 10 requests came to chat. Stopped: 2 at Authenticate (no valid key). " +
      "8 went on: a 75.0 %, b 25.0 %. 2 failed there and went on: claude served 1 of 2. " +
      "7 got an answer. 1 client got an error because targets failed.",
  );
});

it("tells what would happen while nothing came", () => {
  const empty = pictureOf(anApi(undefined, [{ service: "claude" }]), undefined, undefined);
  expect(sentenceOf(empty, "chat", "1h", t)).toBe(
    "In the last hour no request came to chat. A request passes Match, Select, and goes to a or b. When that fails: claude.",
  );
  expect(sentenceOf(empty, "chat", "1h", zh)).toBe(
    "过去 1 小时没有请求到达 chat。请求依次经过匹配、选择，然后到达 a 或 b。失败时：claude。",
  );
});

it("lists every step with its counts", () => {
  expect(stepsInWords(failing, subs, t)).toEqual([
    "Match, 3 routes: 10 passed",
    "Authenticate: off; 2 stopped with 401, no valid key",
    "Limit: off",
    "Moderate: off",
    "Select, by weight: 8 passed",
    "Target a, as requested: 6 chosen, 4 served, 2 failed",
    "Target b, as requested: 2 chosen, 2 served, 0 failed",
    "Fallback 1 claude, as requested: 2 tried, 1 served",
    "Reply: 7 answered, 1 failed, 0 left",
  ]);
});

it("counts the routes that are on, and the list of models", () => {
  const rows = [
    row("chat"),
    row("extra", { beyondSeeds: true }),
    row("embeddings", { useCase: "embedding" }),
    row("messages", { protocol: "anthropic" }),
  ];
  expect(routeCount(anApi(), rows)).toBe(2);
  const routes = { disabled: ["models"], enabled: ["extra"], custom: [] };
  expect(routeCount({ ...anApi(), routes }, rows)).toBe(2);
  expect(routeCount(anApi(), undefined)).toBeNull();
});

function row(name: string, other: object = {}) {
  return {
    useCase: "text-generation",
    protocol: "openai",
    name,
    path: `/v1/${name}`,
    methods: ["POST"],
    match: "exact",
    description: "",
    ...other,
  } as const;
}
