// The schema of a model service: how a Model API picks services, and what it does when one fails.
import { z } from "zod";
import { modelNameField, nameField, strict } from "./field.ts";
import { intelligentShape } from "./intelligent.ts";

const targetShape = {
  service: nameField.describe("Name of a service."),
  model: modelNameField.optional().describe("Model name to send; absent = pass the client's through."),
};
const targetField = strict(targetShape);

export const modelServiceField = z
  .discriminatedUnion("mode", [
    strict({
      mode: z.literal("single").describe("One target."),
      target: targetField.describe("The target."),
    }),
    strict({
      mode: z.literal("by-model-name").describe("By the model that the client names."),
      rules: z
        .array(
          strict({
            pattern: modelNameField.describe("Whole model name; `?` is one character, `*` any run."),
            target: targetField.describe("The target."),
          }),
        )
        .describe("Rules; exact before most literal characters before list order."),
      default: targetField.optional().describe("Target when no rule fits; absent = 404."),
    }),
    strict({
      mode: z.literal("by-weight").describe("By weight."),
      targets: z
        .array(
          strict({
            ...targetShape,
            weight: z.number().int().min(0).max(100).describe("Share of requests, 0 to 100."),
          }),
        )
        .min(1)
        .describe("The targets."),
    }),
    strict({
      mode: z.literal("by-metrics").describe("By response time and success rate."),
      goal: z
        .enum(["lowest-ttft", "lowest-latency", "least-busy", "balanced"])
        .default("balanced")
        .describe("What is best."),
      targets: z.array(targetField).min(1).describe("The targets."),
      maxShare: z
        .number()
        .gt(0)
        .max(1)
        .default(1)
        .describe("Largest share of requests that one target may get."),
    }),
    strict(intelligentShape),
  ])
  .describe("How services are picked.");
export type ModelService = z.output<typeof modelServiceField>;
export type Target = z.output<typeof targetField>;

/** Every target that a model service names, with its path below `modelService`. */
export function targetsOf(
  service: ModelService,
): { readonly target: Target; readonly path: readonly (string | number)[] }[] {
  switch (service.mode) {
    case "single":
      return [{ target: service.target, path: ["target"] }];
    case "by-model-name":
      return [
        ...service.rules.map(({ target }, index) => ({ target, path: ["rules", index, "target"] })),
        ...defaultOf(service),
      ];
    case "by-weight":
    case "by-metrics":
      return service.targets.map((target, index) => ({ target, path: ["targets", index] }));
    case "intelligent":
      return [
        ...service.candidates.map((target, index) => ({ target, path: ["candidates", index] })),
        ...defaultOf(service),
      ];
  }
}

function defaultOf(service: { default?: Target | undefined }) {
  return service.default === undefined ? [] : [{ target: service.default, path: ["default"] }];
}

/** Triggers of fallback that are on unless the author lists others. */
export const defaultTriggers = [
  "upstream-5xx",
  "upstream-429",
  "upstream-credentials",
  "network-error",
  "timeout",
  "first-packet-timeout",
  "error-in-200",
  "empty-answer",
] as const;

export const fallbackField = strict({
  enabled: z.boolean().default(true).describe("Whether the targets are tried after a failure."),
  on: z
    .array(z.enum([...defaultTriggers, "upstream-4xx", "upstream-any-4xx", "policy-rejection"]))
    .default([...defaultTriggers])
    .describe("Failures that go to the next target."),
  targets: z
    .array(
      strict({
        ...targetShape,
        model: modelNameField
          .optional()
          .describe(
            "Model name to send; absent = pass the client's through, in mode intelligent that of the chosen model.",
          ),
        firstPacketTimeoutMs: z
          .number()
          .int()
          .min(0)
          .max(3_600_000)
          .optional()
          .describe("Own first-packet timeout; absent = the API's."),
      }),
    )
    .default([])
    .describe("Targets in the order in which they are tried; a service may repeat."),
});

export const retriesField = strict({
  max: z.number().int().min(0).max(10).default(1).describe("Retries on the same target."),
  on: z
    .array(
      z.enum([
        "network-error",
        "upstream-503",
        "upstream-5xx",
        "upstream-429",
        "timeout",
        "first-packet-timeout",
        "error-in-200",
        "empty-answer",
      ]),
    )
    .default(["network-error", "upstream-503"])
    .describe("Failures that are retried."),
  budgetPercent: z.number().min(0).max(100).default(20).describe("Retries at most, as a share of requests."),
});
