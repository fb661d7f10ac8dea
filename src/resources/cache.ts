// The schema of the reuse of answers.
import { z } from "zod";
import { modelNameField, nameField, strict } from "./field.ts";

export const cacheField = strict({
  enabled: z.boolean().default(false).describe("Whether answers are reused."),
  mode: z.enum(["exact", "semantic"]).default("exact").describe("How requests are compared."),
  ttlSeconds: z
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(3600)
    .describe("Seconds that an answer is kept."),
  semantic: strict({
    service: nameField.describe("Service that makes embeddings."),
    model: modelNameField.describe("Its embedding model."),
    threshold: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.95)
      .describe("Cosine similarity from which two last questions count as one."),
  })
    .optional()
    .describe("How questions are compared in mode semantic."),
  maxEntryBytes: z
    .number()
    .int()
    .min(1_024)
    .max(16 * 1024 ** 2)
    .default(1024 ** 2)
    .describe("Answers with more bytes are not kept."),
  scope: z.enum(["consumer", "api"]).default("consumer").describe("Who shares answers."),
}).superRefine((cache, context) => {
  if (cache.enabled && cache.mode === "semantic" && cache.semantic === undefined)
    context.addIssue({ code: "custom", path: ["semantic"], message: "is required by mode semantic" });
});
