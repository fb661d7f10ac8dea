// The schema of an instance: one gateway deployment, and what it keeps of exchanges.
import { z } from "zod";
import { nameField, strict } from "./field.ts";
import { signInField } from "./sign-in.ts";

const days = z.number().int().min(1).max(3_650);

const logsField = strict({
  retentionDays: days.default(30).describe("Days after which records go, by whole days."),
  maxRecords: z
    .number()
    .int()
    .min(10_000)
    .max(1_000_000_000)
    .default(10_000_000)
    .describe("Records at most; the oldest days go first."),
  contentRetentionDays: days.default(7).describe("Days after which recorded content goes; its records stay."),
  maxBytes: z
    .number()
    .int()
    .min(64 * 1024 ** 2)
    .max(64 * 1024 ** 4)
    .default(20 * 1024 ** 3)
    .describe("Bytes on disk at most, recorded content included; the oldest days go first."),
});

const auditField = strict({
  retentionDays: z
    .number()
    .int()
    .min(30)
    .max(3_650)
    .default(365)
    .describe("Days after which entries of the audit log go."),
  maxEntries: z
    .number()
    .int()
    .min(100_000)
    .max(100_000_000)
    .default(1_000_000)
    .describe("Entries at most; the oldest go first."),
});

export const instanceSchema = strict({
  name: nameField.default("default").describe("Name of this gateway deployment."),
  region: z.string().max(64).default("local").describe("Region label, shown and logged."),
  logs: logsField
    .prefault({})
    .describe("What is kept of exchanges. In a configuration file: `telemetry.logs`."),
  signIn: signInField
    .prefault({})
    .describe("How people sign in to the console. In a configuration file: `instance.signIn`."),
  audit: auditField.prefault({}).describe("How long the audit log is kept."),
}).describe("One gateway deployment.");
