// Writes src/routing/domains/built-in/built-in.table, what the built-in domains look like: `npm run domain-table`, after a
// change of their examples, of what is read of prompts or of how domains are learnt.
import { writeFileSync } from "node:fs";
import { builtInExamples, withGeneral } from "../../src/routing/domains/built-in/built-in-domains.ts";
import { trainDomainTable } from "../../src/routing/domains/train-domain-table.ts";
import { loadWordVectors } from "../../src/routing/prompt/load-word-vectors.ts";
import { createPromptReader } from "../../src/routing/prompt/prompt-reader.ts";

const target = new URL("../../src/routing/domains/built-in/built-in.table", import.meta.url);
const bytes = trainDomainTable(withGeneral(builtInExamples()), createPromptReader(loadWordVectors()));
writeFileSync(target, bytes);
process.stdout.write(`${bytes.length} bytes\n`);
