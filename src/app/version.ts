// The version of the program, read once from its package.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
// Decoder: our own package.json, whose version npm itself insists on.
export const version = (JSON.parse(text) as { readonly version: string }).version;
