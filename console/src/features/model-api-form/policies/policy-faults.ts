// What is wrong with the policies of a draft, as far as it needs no question to the gateway. Knows no language.
import type { Draft } from "../draft.ts";
import type { Fault } from "../faults.ts";
import { listOf, numberOf, textOf } from "./check-fields.ts";
import { transformPlaces, type CheckValue, type EditDraft, type ValueMatch } from "./policy-draft.ts";

export function policyFaults(draft: Draft): Fault[] {
  return [
    ...authFaults(draft),
    ...limitFaults(draft),
    ...moderationFaults(draft),
    ...cacheFaults(draft),
    ...editFaults(draft),
    ...imageFaults(draft),
  ];
}

function authFaults({ authMethods, authOn }: Draft): Fault[] {
  return authOn && authMethods.length === 0 ? [{ path: "auth.methods", code: "listEmpty" }] : [];
}

function nameFaults(path: string, name: string, names: readonly string[]): Fault[] {
  if (name === "") return [{ path, code: "nameEmpty" }];
  if (!/^[A-Za-z0-9_-]+$/u.test(name)) return [{ path, code: "nameCharacters" }];
  return names.filter((each) => each === name).length > 1 ? [{ path, code: "nameTwice" }] : [];
}

function matchFaults(path: string, match: ValueMatch): Fault[] {
  return match.type !== "any" && match.value === "" ? [{ path: `${path}.value`, code: "valueEmpty" }] : [];
}

function limitFaults({ rateLimits, paused }: Draft): Fault[] {
  if (paused.includes("rateLimits")) return [];
  const names = rateLimits.map(({ limit }) => limit.name);
  return rateLimits.flatMap(({ limit }, index): Fault[] => {
    const path = `rateLimits[${index}]`;
    return [
      ...nameFaults(`${path}.name`, limit.name, names),
      ...matchFaults(`${path}.match`, limit.match),
      ...(limit.key === "" ? [{ path: `${path}.key`, code: "valueEmpty" } as const] : []),
      ...(limit.limit === undefined ? [{ path: `${path}.limit`, code: "numberEmpty" } as const] : []),
    ];
  });
}

const needed = ["pattern", "service", "model", "accessKeyId", "url"] as const;

function checkFaults(path: string, check: CheckValue): Fault[] {
  return [
    ...needed.flatMap((field): Fault[] =>
      field in check && textOf(check, field) === "" ? [{ path: `${path}.${field}`, code: "valueEmpty" }] : [],
    ),
    ...(["keywords", "kinds", "on"] as const).flatMap((field): Fault[] =>
      field in check && listOf(check, field).every((each) => each.trim() === "")
        ? [{ path: `${path}.${field}`, code: "listEmpty" }]
        : [],
    ),
    ...(check.type === "alibaba-guardrails" && check["accessKeySecret"] === ""
      ? [{ path: `${path}.accessKeySecret`, code: "valueEmpty" } as const]
      : []),
    ...("timeoutMs" in check && !(numberOf(check, "timeoutMs") ?? 0)
      ? [{ path: `${path}.timeoutMs`, code: "numberEmpty" } as const]
      : []),
  ];
}

function moderationFaults({ moderation }: Draft): Fault[] {
  const names = moderation.checks.map(({ check }) => check.name);
  return [
    ...moderation.checks.flatMap(({ check }, index): Fault[] => {
      const path = `moderation.checks[${index}]`;
      return [...nameFaults(`${path}.name`, check.name, names), ...checkFaults(path, check)];
    }),
    ...moderation.rules.flatMap(({ rule }, index) =>
      matchFaults(`moderation.rules[${index}].consumer`, rule.consumer),
    ),
  ];
}

function imageFaults({ images, useCase }: Draft): Fault[] {
  if (useCase !== "image-generation") return [];
  return (["pollSeconds", "deadlineSeconds"] as const).flatMap((field): Fault[] =>
    images[field] === undefined ? [{ path: `images.${field}`, code: "numberEmpty" }] : [],
  );
}

function cacheFaults({ cache }: Draft): Fault[] {
  if (!cache.enabled || cache.mode !== "semantic") return [];
  return (["service", "model"] as const).flatMap((field): Fault[] =>
    (cache.semantic?.[field] ?? "") === "" ? [{ path: `cache.semantic.${field}`, code: "valueEmpty" }] : [],
  );
}

function editFaults({ edits, paused }: Draft): Fault[] {
  if (paused.includes("transform")) return [];
  return transformPlaces.flatMap((place) => {
    const rows = edits[place];
    return rows.flatMap((row, index): Fault[] => {
      const same = (other: EditDraft): boolean => other.action === row.action && other.name === row.name;
      const path = `transform.${place}`;
      if (row.name === "") return [{ path: `${path}[${index}].name`, code: "valueEmpty" }];
      if (rows.findIndex(same) < index) return [{ path: `${path}[${index}].name`, code: "nameTwice" }];
      const open = row.action === "rename" || (row.action === "set" && place === "requestBody");
      return open && row.value === "" ? [{ path: `${path}[${index}].value`, code: "valueEmpty" }] : [];
    });
  });
}
