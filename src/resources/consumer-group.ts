// The schema of a consumer group: consumers that share grants and quotas.
import { z } from "zod";
import { nameField, strict } from "./field.ts";
import { quotasField } from "./quota.ts";

export const consumerGroupSchema = strict({
  name: nameField.describe("Name of the group."),
  description: z.string().max(1024).default("").describe("Free text."),
  quotas: quotasField,
}).describe("Consumers that share grants and quotas.");
export type ConsumerGroup = z.output<typeof consumerGroupSchema>;
