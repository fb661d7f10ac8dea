// Where requests go because of the ids that they name, as a table.
import { describe, expect, test } from "vitest";
import type { IdFamily } from "../../core/id-families.ts";
import type { IdOwner } from "../../core/id-owner.ts";
import type { Unknown } from "./id-rules.ts";
import { placeRequest } from "./placement.ts";

const family: IdFamily = "openai-file";
/** The id tells who owns it and where: `mine@a`; `new` is unknown. */
const find = ({ id }: { id: string }): IdOwner | undefined => {
  const [who, place = ""] = id.split("@");
  const [service = "", key = ""] = place.split("/");
  if (who === "new") return undefined;
  return { family, id, service, key, consumer: who === "mine" ? "app" : "other", createdMs: 0, expiresMs: 1 };
};

interface Row {
  readonly name: string;
  readonly ids: readonly (readonly [string, Unknown])[];
  readonly isOnlyPlace?: boolean;
  readonly result: string;
}

describe("a request that names", () => {
  test.each<Row>([
    { name: "nothing goes where the mode says", ids: [], result: "free" },
    { name: "an own id goes to its place", ids: [["mine@a/k", "refuse"]], result: "a/k" },
    {
      name: "two ids of one service goes to the first",
      ids: [
        ["mine@a/k", "refuse"],
        ["mine@a/l", "refuse"],
      ],
      result: "a/k",
    },
    {
      name: "ids of two services finds neither",
      ids: [
        ["mine@a/k", "refuse"],
        ["mine@b/k", "refuse"],
      ],
      result: "no mine@b/k",
    },
    { name: "another's id does not find it", ids: [["theirs@a", "refuse"]], result: "no theirs@a" },
    {
      name: "another's id beside an own one does not find it",
      ids: [
        ["mine@a", "refuse"],
        ["theirs@a", "pass"],
      ],
      result: "no theirs@a",
    },
    {
      name: "another's client id does not find it, at the only place too",
      ids: [["theirs@a", "bind"]],
      isOnlyPlace: true,
      result: "no theirs@a",
    },
    {
      name: "an id at a service that the Model API does not use does not find it",
      ids: [["mine@c", "refuse"]],
      result: "no mine@c",
    },
    { name: "an unknown id does not find it", ids: [["new", "refuse"]], result: "no new" },
    {
      name: "an unknown id finds it where that can only be one place",
      ids: [["new", "refuse"]],
      isOnlyPlace: true,
      result: "free",
    },
    {
      name: "an unknown id beside an own one does not find it",
      ids: [
        ["mine@a", "refuse"],
        ["new", "refuse"],
      ],
      result: "no new",
    },
    {
      name: "a new client id goes where the mode says and binds it",
      ids: [["new", "bind"]],
      result: "free +new",
    },
    {
      name: "a new client id beside an own id binds it there",
      ids: [
        ["new", "bind"],
        ["mine@a/k", "pass"],
      ],
      result: "a/k +new",
    },
    { name: "what may be no id goes where the mode says", ids: [["new", "pass"]], result: "free" },
    {
      name: "an unknown file goes where the client is",
      ids: [
        ["mine@a/k", "pass"],
        ["new", "follow"],
      ],
      result: "a/k",
    },
    {
      name: "an unknown file of an unknown client does not find it",
      ids: [
        ["new", "pass"],
        ["new", "follow"],
      ],
      result: "no new",
    },
    {
      name: "an unknown file finds it where that can only be one place",
      ids: [["new", "follow"]],
      isOnlyPlace: true,
      result: "free",
    },
  ])("$name", ({ ids, isOnlyPlace = false, result }) => {
    const placement = placeRequest({
      references: ids.map(([id, unknown]) => ({ family, id, unknown })),
      consumer: "app",
      find,
      hasService: (service) => service !== "c",
      isOnlyPlace,
    });
    expect(textOf(placement)).toBe(result);
  });

  test("own ids tells all their owners", () => {
    const references = ["mine@a/k", "mine@a/l"].map((id) => ({ family, id, unknown: "refuse" as const }));
    const placement = placeRequest({
      references,
      consumer: "app",
      find,
      hasService: () => true,
      isOnlyPlace: false,
    });
    expect(placement).toMatchObject({ owners: [{ key: "k" }, { key: "l" }] });
  });
});

function textOf(placement: ReturnType<typeof placeRequest>): string {
  if (placement.kind === "unknown") return `no ${placement.reference.id}`;
  const place = placement.kind === "pinned" ? `${placement.owner.service}/${placement.owner.key}` : "free";
  return [place, ...placement.bind.map(({ id }) => `+${id}`)].join(" ");
}
