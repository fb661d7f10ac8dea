// What the palette makes of an id that somebody pastes.
import { expect, test } from "vitest";
import { createTranslate } from "../../i18n/messages.ts";
import { shellMessages } from "../shell/shell-messages.ts";
import { paletteGroups } from "./palette-items.ts";
import { paletteMessages } from "./palette-messages.ts";

const first = (typed: string): unknown =>
  paletteGroups(typed, {}, createTranslate(paletteMessages, "en"), createTranslate(shellMessages, "en"))[0]
    ?.entries[0]?.run;

const id = "2d731306-d0e0-4844-9ce9-aa5b724d09ea";

test.each([
  ["a request id leads to its exchange", ` ${id} `, `/observe/logs/${id}`],
  [
    "a trace id leads to its exchanges",
    id.replaceAll("-", ""),
    `/observe/logs?q=trace:${id.replaceAll("-", "")}&range=30d`,
  ],
  ["a word leads to what bears it", "log del", "/settings/delivery"],
])("%s", (_name, typed, href) => {
  expect(first(typed)).toEqual({ kind: "go", href });
});
