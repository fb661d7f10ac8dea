// One Model API as a configuration document, and handing a text to the browser as a file. Reads nothing by itself.
import type { ModelApi } from "../../api/resources.ts";
import { ownFields } from "./api-facts.ts";

/** A document that import and `--config` take as it is. */
export async function apiDocument(api: ModelApi): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify({ version: 1, modelApis: [ownFields(api)] }, { lineWidth: 0 });
}

export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
