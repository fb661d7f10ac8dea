// Quotas beside their owners: a list of those near their end, and setting one back. Asks a port; knows no counter.
import { z } from "zod";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { readLimit } from "../listing.ts";
import { findObject } from "../objects.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { quotaStates, type ListedQuota, type QuotaStateName } from "../quotas/quota-answers.ts";
import { compareQuotas, nearestQuotas, type QuotaPlace } from "../quotas/nearest-quotas.ts";
import { quotasOf, type KnownQuota, type QuotaKind } from "../quotas/quota-directory.ts";
import { readCursor, writeCursor } from "./cursor-text.ts";
import type { QuotaPort } from "./ports.ts";
import { listedQuotaSchema } from "./quota-schema.ts";
import { pageOf } from "./resource-schemas.ts";

const json = ["application/json"];

export function quotaOperations(configuration: Configuration, quotas: QuotaPort): Operation[] {
  return [
    listOperation(configuration, quotas),
    resetOperation(configuration, quotas, "consumers"),
    resetOperation(configuration, quotas, "consumer-groups"),
  ];
}

const resetTexts = {
  consumers: { id: "resetQuota", whose: "of a consumer" },
  "consumer-groups": { id: "resetGroupQuota", whose: "of a consumer group" },
} as const;

function resetOperation(configuration: Configuration, quotas: QuotaPort, kind: QuotaKind): Operation {
  const { id, whose } = resetTexts[kind];
  return {
    method: "post",
    path: `/api/v1/${kind}/{name}/quotas/{quota}/reset`,
    id,
    summary: `Set what is used of a quota ${whose} back to nothing, at once; its period stays as it is.`,
    tag: kind,
    access: "write",
    reach: "groups",
    status: 204,
    response: { description: "Nothing of the period is used any more." },
    errors: ["not_found", "conflict"],
    handle: ({ param, principal }) => {
      const { working } = configurationFor(configuration, principal, "write");
      const { name, value } = findObject(working, kind, param("name"));
      const all = "quotas" in value ? value.quotas : [];
      const wanted = param("quota");
      if (!all.some((quota) => quota.name === wanted))
        throw new ControlError("not_found", `"${name}" has no quota "${wanted}".`);
      const quota = quotasOf(kind, { name, quotas: all }).find(({ config }) => config.name === wanted);
      if (quota === undefined)
        throw new ControlError("conflict", `Quota "${wanted}" is off and counts nothing.`);
      quotas.reset(quota);
      return new Response(null, { status: 204 });
    },
  };
}

const defaultLimit = 100;
const maximumLimit = 1_000;

function listOperation(configuration: Configuration, quotas: QuotaPort): Operation {
  return {
    method: "get",
    path: "/api/v1/quotas",
    id: "listQuotas",
    summary: "List the quotas of all consumers and groups, those nearest to their end first.",
    tag: "consumers",
    access: "read",
    reach: "groups",
    parameters: [
      {
        name: "state",
        in: "query",
        description: "Only quotas in this state; may be given more than once.",
        schema: { type: "array", items: { type: "string", enum: [...quotaStates] } },
      },
      {
        name: "limit",
        in: "query",
        description: "Quotas at most.",
        schema: { type: "integer", minimum: 1, maximum: maximumLimit, default: defaultLimit },
      },
      {
        name: "cursor",
        in: "query",
        description:
          "`nextCursor` of the page before. A quota that is used meanwhile may move to a page before.",
        schema: { type: "string" },
      },
    ],
    listQuery: true,
    status: 200,
    response: { description: "One page.", mediaTypes: json, schema: pageOf(listedQuotaSchema) },
    errors: [],
    handle: async ({ queryLists, principal }) => {
      const { resources } = configurationFor(configuration, principal).working;
      const limit = readLimit(onlyOne(queryLists, "limit"), defaultLimit, maximumLimit);
      const after = readPlace(onlyOne(queryLists, "cursor"));
      const states = readStates(queryLists.get("state") ?? []);
      const rows = await nearestQuotas(
        quotas.shares(),
        limit + 1,
        (row) =>
          states.has(row.state) &&
          (after === undefined || compareQuotas(after, row) < 0) &&
          resources[row.quota.kind].has(row.quota.owner),
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const nextCursor =
        last === undefined || rows.length <= limit
          ? null
          : writeCursor(JSON.stringify([last.share, last.quota.counted.key]));
      return jsonAnswer({ items: page.map(({ quota }) => listed(quotas, quota)), nextCursor });
    },
  };
}

const placeSchema = z.tuple([z.number(), z.string()]);

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The place behind which a page begins. @throws ControlError `invalid` */
function readPlace(cursor: string | undefined): QuotaPlace | undefined {
  if (cursor === undefined) return undefined;
  const place = readCursor(cursor);
  const parsed = placeSchema.safeParse(jsonOf(place));
  if (!parsed.success) throw new ControlError("invalid", "The cursor is not one that this list gave.");
  const [share, key] = parsed.data;
  return { share, quota: { counted: { key } } };
}

function readStates(wanted: readonly string[]): ReadonlySet<QuotaStateName> {
  if (wanted.length === 0) return new Set(quotaStates);
  const known = wanted.map((text) => {
    const state = quotaStates.find((name) => name === text);
    if (state === undefined)
      throw new ControlError("invalid", `state must be one of ${quotaStates.join(", ")}.`);
    return state;
  });
  return new Set(known);
}

function onlyOne(lists: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = lists.get(name) ?? [];
  if (values.length > 1) throw new ControlError("invalid", `${name} is given more than once.`);
  return values[0];
}

function listed(quotas: QuotaPort, quota: KnownQuota): ListedQuota {
  const { kind, owner: name } = quota;
  const owner = { kind: kind === "consumers" ? "consumer" : "consumer-group", name } as const;
  return { ...quotas.stateOf(quota), owner };
}
