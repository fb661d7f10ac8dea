// The tables of translation agree: what is routed by one is translated by another, and the page says the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RouteProtocol, ServiceProtocol } from "../core/protocol.ts";
import { conversationServices, taskOfRoute, translatedPairs, type Task } from "../core/translated-pairs.ts";
import { defaultRoutes } from "../resources/default-routes.ts";
import { clientSides, serviceSides, singleCalls, translationOf } from "./translations.ts";

interface Pair {
  readonly client: RouteProtocol;
  readonly task: Task;
  readonly service: ServiceProtocol;
}

const pairs = Object.entries(translatedPairs).flatMap(([client, tasks]) =>
  Object.entries(tasks).flatMap(([task, services]) =>
    // The names of a table's members are of its type.
    services.map((service) => ({ client: client as RouteProtocol, task: task as Task, service })),
  ),
);
const nameOf = ({ client, task, service }: Pair): string => `${client} ${task} ${service}`;

describe("every pair of the table is translated", () => {
  test.each(pairs)("$client $task $service", ({ client, task, service }) => {
    expect(translationOf(client, task, service)).toBeTypeOf("function");
  });
});

test("every side and every single call is in the table", () => {
  const tasks = Object.entries(translatedPairs).flatMap(([client, asked]) =>
    Object.keys(asked).map((task) => `${client} ${task}`),
  );
  expect(tasks).toEqual(expect.arrayContaining(Object.keys(clientSides)));
  expect(Object.keys(serviceSides).toSorted()).toEqual(conversationServices.toSorted());
  expect(pairs.map(nameOf)).toEqual(expect.arrayContaining(Object.keys(singleCalls)));
});

test("what can be translated has a default route, and each is one that there is", () => {
  const routes = defaultRoutes.map(({ protocol, speaks, name }) => `${speaks ?? protocol} ${name}`);
  expect(routes).toEqual(expect.arrayContaining(Object.keys(taskOfRoute)));
  const clients = new Set(Object.keys(taskOfRoute).map((route) => route.split(" ")[0]));
  expect([...clients]).toEqual(expect.arrayContaining(Object.keys(translatedPairs)));
});

test("the page lists the same pairs", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "translation.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([\w-]+)` \| ([\w-]+) \| (`.*`) \|$/gm)].flatMap(
    ([, client = "", task = "", services = ""]) =>
      [...services.matchAll(/`([\w-]+)`/g)].map(([, service = ""]) => `${client} ${task} ${service}`),
  );
  // What a client speaks itself is no translation.
  const others = pairs.filter(({ client, service }) => client !== service);
  expect(listed.toSorted()).toEqual(others.map(nameOf).toSorted());
});
