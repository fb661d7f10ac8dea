// Runs axe in a page against WCAG 2.2 AA. Knows no page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const axeTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds against WCAG 2.2 AA: rule, place, and what is wrong there. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Not by a script element: the policy of the page would refuse it.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (tags) => {
    interface Result {
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
      }[];
    }
    // The script above puts `axe` there, whose types belong to no module of the page.
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<Result> } };
    const { violations } = await axe.run({ runOnly: { type: "tag", values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
  }, axeTags);
  return found.map((line) => line.replaceAll(/\s+/gu, " "));
}
