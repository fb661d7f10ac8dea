// How the list of Model APIs looks in this browser: dense rows, columns that are left out. Remembered locally.
import { useLocalStorage } from "@mantine/hooks";

export const optionalColumns = [
  "entry",
  "modelService",
  "fallback",
  "access",
  "group",
  "traffic",
  "status",
] as const;
export type OptionalColumn = (typeof optionalColumns)[number];

export interface ListView {
  readonly dense: boolean;
  readonly hidden: readonly OptionalColumn[];
}

const usual: ListView = { dense: false, hidden: ["group"] };

export function useListView() {
  return useLocalStorage<ListView>({
    key: "moongate-model-apis-view",
    defaultValue: usual,
    getInitialValueInEffect: false,
    deserialize: readListView,
  });
}

/** Reads what was remembered; anything else is as usual. */
export function readListView(text: string | undefined): ListView {
  try {
    const { dense, hidden } = JSON.parse(text ?? "");
    return {
      dense: dense === true,
      hidden: optionalColumns.filter((column) => Array.isArray(hidden) && hidden.includes(column)),
    };
  } catch {
    return usual;
  }
}
