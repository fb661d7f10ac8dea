// What mode intelligent knows of prompts, once for each thread: the reader of texts and the tables that policies were
// compiled with. Made when the first prompt is read; the other modes never pay for it.
import { createHash } from "node:crypto";
import { domainTableBytes } from "../../routing/domains/built-in/load-built-in-table.ts";
import { openDomainTable } from "../../routing/domains/domain-table.ts";
import { generalDomain, type DomainClassifier } from "../../routing/domains/domain-classifier.ts";
import type { LabelIndex } from "../../routing/labels/label-table.ts";
import { openLabelTable } from "../../routing/labels/open-label-table.ts";
import type { PublishedRouter } from "../../routing/policy.ts";
import { loadWordVectors } from "../../routing/prompt/load-word-vectors.ts";
import {
  featuresVersion,
  type PromptFeatures,
  type PromptReader,
} from "../../routing/prompt/prompt-features.ts";
import { createPromptReader } from "../../routing/prompt/prompt-reader.ts";

let reader: PromptReader | undefined;

/** The text whose features the reader holds, until they have been used: nobody's words are kept longer. */
let heldText: string | undefined;
let held: PromptFeatures | undefined;

/** The same object for every text. A text is read once, though its domains are asked for first and the rest later. */
export function readPrompt(text: string): PromptFeatures {
  if (held === undefined || text !== heldText) {
    reader ??= createPromptReader(loadWordVectors());
    held = reader.read(text);
    heldText = text;
  }
  return held;
}

/** What `readPrompt` gave stays good until it is asked again. */
export function forgetPrompt(): void {
  heldText = undefined;
}

export interface KnownDomains {
  readonly classifier: DomainClassifier;
  /** Tells the table from all others. */
  readonly digest: string;
}

/** By their text: most Model APIs of an instance have the same, and it outlives snapshots. */
const tables = new Map<string, WeakRef<KnownDomains>>();

/** @param table of a policy; empty: there are no domains. Undefined also where it cannot be read */
export function domainsOf(table: string): KnownDomains | undefined {
  if (table === "") return undefined;
  const known = tables.get(table)?.deref();
  if (known !== undefined) return known;
  for (const [text, reference] of tables) if (reference.deref() === undefined) tables.delete(text);
  const domains = openedDomains(table);
  if (domains !== undefined) tables.set(table, new WeakRef(domains));
  return domains;
}

/** A table of another version, as in a snapshot that was kept, tells nothing; models are compared without it. */
function openedDomains(table: string): KnownDomains | undefined {
  try {
    const bytes = domainTableBytes(table);
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    return { classifier: openDomainTable(bytes), digest };
  } catch {
    return undefined;
  }
}

export interface KnownLabels {
  readonly index: LabelIndex;
  readonly version: number;
}

/** A published router is the same object for as long as it is not another. Undefined: it cannot be read. */
const indexes = new WeakMap<PublishedRouter, KnownLabels | undefined>();

/** Labels of another version of the program are of no use: what is declared then stands alone, as without any. */
export function labelsOf(router: PublishedRouter | undefined): KnownLabels | undefined {
  if (router === undefined) return undefined;
  if (!indexes.has(router)) indexes.set(router, openedLabels(router));
  return indexes.get(router);
}

function openedLabels({ labels, version }: PublishedRouter): KnownLabels | undefined {
  try {
    return { index: openLabelTable(Buffer.from(labels, "base64")), version };
  } catch {
    return undefined;
  }
}

/** What a decision was made with, as it stands in its record. */
export function routerName(domains: KnownDomains | undefined, labels: KnownLabels | undefined): string {
  return `${featuresVersion}.${domains?.digest ?? generalDomain}.${labels?.version ?? 0}`;
}
