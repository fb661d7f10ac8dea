// English texts of the console that a Chinese page still shows. Reads the message tables; knows no page.
import { globSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const source = join(import.meta.dirname, "..", "..", "..", "console", "src");

/** Names that are words as well: the language of a snippet, the machine of a gateway. */
const names: ReadonlySet<string> = new Set(["Node"]);

interface Tables {
  /** Texts without values, whole. */
  readonly whole: readonly string[];
  /** Pieces between values and marks, long enough to be told from data. */
  readonly pieces: readonly string[];
}

async function readTables(): Promise<Tables> {
  const english: string[] = [];
  const chinese = new Set<string>();
  for (const file of globSync("**/*-messages.ts", { cwd: source })) {
    for (const table of Object.values(await import(join(source, file)))) {
      if (!isTable(table)) continue;
      for (const [key, text] of Object.entries(table.en)) if (table.zh[key] !== text) english.push(text);
      for (const text of Object.values(table.zh)) chinese.add(text);
    }
  }
  const differing = english.filter((text) => !chinese.has(text) && !names.has(text));
  const split = differing.flatMap((text) => text.split(/\{[^{}]*\}|<[^>]*>/u).map((piece) => piece.trim()));
  return {
    whole: differing.filter((text) => /[A-Z]/u.test(text) && !/[{<]/u.test(text)),
    pieces: split.filter((piece) => piece.split(/\s+/u).length >= 3 && /[a-z]/u.test(piece)),
  };
}

function isTable(value: unknown): value is { en: Record<string, string>; zh: Record<string, string> } {
  return typeof value === "object" && value !== null && "en" in value && "zh" in value;
}

let tables: Promise<Tables> | undefined;

/** Which of them stand in the page: as text, as a name, as a hint. Code and what the user wrote are left out. */
export async function englishLeft(page: Page): Promise<string[]> {
  tables ??= readTables();
  const { whole, pieces } = await tables;
  const shown = await page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest("script, style, noscript, pre, code, textarea, .cm-editor, [lang=en]"))
        continue;
      texts.push(node.textContent ?? "");
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        texts.push(element.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.trim()).filter((text) => text !== "");
  });
  const found = shown.filter((text) => whole.includes(text) || pieces.some((piece) => text.includes(piece)));
  return [...new Set(found)];
}
