// What the palette offers: pages, actions, and objects of all kinds. Entries as data; who runs them is the palette.
import type { Collections, Page } from "../../api/resources.ts";
import type { Translate } from "../../i18n/messages.ts";
import { navItems } from "../shell/nav-items.ts";
import type { shellMessages } from "../shell/shell-messages.ts";
import type { Tool } from "../shell/tool-state.tsx";
import type { paletteMessages } from "./palette-messages.ts";
import { ranked } from "./rank.ts";

export type Run =
  | { readonly kind: "go"; readonly href: string }
  | { readonly kind: "open"; readonly tool: Tool }
  | { readonly kind: "theme"; readonly scheme: "light" | "dark" | "auto" }
  | { readonly kind: "language"; readonly language: "en" | "zh" };

export interface Entry {
  readonly key: string;
  readonly text: string;
  /** A few words at the right. */
  readonly hint?: string;
  readonly run: Run;
}

export interface EntryGroup {
  readonly title: string;
  readonly entries: readonly Entry[];
}

type Words = Translate<(typeof paletteMessages)["en"]>;
type ShellWords = Translate<(typeof shellMessages)["en"]>;

export type Listed = { readonly [Name in keyof Collections]?: Page<Collections[Name]> | undefined };

const mostPerGroup = 8;

/** Groups of what fits, the objects first once something is typed. */
export function paletteGroups(typed: string, listed: Listed, t: Words, shell: ShellWords): EntryGroup[] {
  const fitting = (title: string, entries: readonly Entry[]): EntryGroup => ({
    title,
    entries: ranked(entries, typed, ({ text, hint }) => [text, ...(hint === undefined ? [] : [hint])]).slice(
      0,
      mostPerGroup,
    ),
  });
  const pages = fitting(t("pages"), pageEntries(shell));
  const actions = fitting(t("actions"), actionEntries(typed, listed, t));
  const objects = objectGroups(listed, t).map(({ title, entries }) => fitting(title, entries));
  const exchange = { title: t("exchanges"), entries: exchangeEntries(typed, t) };
  const groups = typed.trim() === "" ? [pages, actions, ...objects] : [exchange, ...objects, pages, actions];
  return groups.filter(({ entries }) => entries.length > 0);
}

function go(key: string, text: string, href: string, hint?: string): Entry {
  return { key, text, run: { kind: "go", href }, ...(hint === undefined ? {} : { hint }) };
}

/** What looks like the id of a request or a trace leads to it. */
function exchangeEntries(typed: string, t: Words): Entry[] {
  const id = typed.trim();
  if (/^[0-9a-f]{32}$/u.test(id))
    return [go(`trace ${id}`, t("trace", { id }), `/observe/logs?q=trace:${id}&range=30d`)];
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(id)
    ? [go(`exchange ${id}`, t("exchange", { id }), `/observe/logs/${id}`)]
    : [];
}

function pageEntries(shell: ShellWords): Entry[] {
  return navItems.map(({ to, text, key }) => go(`page ${to}`, shell(text), to, `G ${key.toUpperCase()}`));
}

function actionEntries(typed: string, listed: Listed, t: Words): Entry[] {
  const open = (tool: Tool, text: string): Entry => ({
    key: `open ${tool}`,
    text,
    run: { kind: "open", tool },
  });
  const theme = (scheme: "light" | "dark" | "auto", text: string): Entry => ({
    key: `theme ${scheme}`,
    text,
    run: { kind: "theme", scheme },
  });
  // One for each Model API only once something is typed, so that the first look stays short.
  const debug =
    typed.trim() === ""
      ? []
      : (listed["model-apis"]?.items ?? []).map(({ name }) =>
          go(`debug ${name}`, t("debug", { name }), `/model-apis/${encodeURIComponent(name)}/debug`),
        );
  return [
    go("new api", t("createApi"), "/model-apis/new"),
    go("new service", t("addService"), "/services/new"),
    go("new domain", t("addDomain"), "/domains?add=true"),
    go("new consumer", t("createConsumer"), "/consumers?add=true"),
    go("new group", t("createGroup"), "/resource-groups?add=true"),
    ...debug,
    open("help", t("help")),
    open("shortcuts", t("shortcuts")),
    theme("light", t("light")),
    theme("dark", t("dark")),
    theme("auto", t("system")),
    { key: "language en", text: t("english"), run: { kind: "language", language: "en" } },
    { key: "language zh", text: t("chinese"), run: { kind: "language", language: "zh" } },
    open("password", t("password")),
    go("export", t("exportAll"), "/settings/import-export"),
    go("delivery", t("delivery"), "/settings/delivery"),
    go("follow", t("follow"), "/observe/logs?follow=true"),
    go("tokens", t("createToken"), "/settings/tokens"),
    go("history", t("history"), "/settings/revisions"),
  ];
}

function objectGroups(listed: Listed, t: Words): EntryGroup[] {
  const named = <Item extends { readonly name: string }>(
    collection: string,
    items: readonly Item[] | undefined,
    hint: (item: Item) => string,
    href = (name: string) => `/${collection}/${encodeURIComponent(name)}`,
  ): Entry[] =>
    (items ?? []).map((item) => go(`${collection} ${item.name}`, item.name, href(item.name), hint(item)));
  return [
    {
      title: t("modelApis"),
      entries: named("model-apis", listed["model-apis"]?.items, ({ basePath }) => basePath),
    },
    { title: t("services"), entries: named("services", listed.services?.items, ({ provider }) => provider) },
    { title: t("consumers"), entries: named("consumers", listed.consumers?.items, () => "") },
    {
      title: t("domains"),
      entries: named(
        "domains",
        listed.domains?.items,
        () => "",
        () => "/domains",
      ),
    },
    {
      title: t("groups"),
      entries: named(
        "resource-groups",
        listed["resource-groups"]?.items,
        () => "",
        () => "/resource-groups",
      ),
    },
  ];
}
