// The schema of an instance: one gateway deployment.
import { z } from "zod";
import { nameField, strict } from "./field.ts";

export const instanceSchema = strict({
  name: nameField.default("default").describe("Name of this gateway deployment."),
  region: z.string().max(64).default("local").describe("Region label, shown and logged."),
}).describe("One gateway deployment.");
