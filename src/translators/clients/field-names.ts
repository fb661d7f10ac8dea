// What a client of another protocol than OpenAI's wrote for a field of the chat form. Must not know protocols.

/**
 * @param names by the first member of a field in the chat form; what follows it is left out, as it lies elsewhere there
 * @param prefix of fields that have the same name below another member
 */
export function namesByTable(
  names: Readonly<Record<string, string>>,
  prefix: Readonly<Record<string, string>> = {},
): (field: string) => string {
  return (field) => {
    const dot = field.indexOf(".");
    const first = dot === -1 ? field : field.slice(0, dot);
    if (Object.hasOwn(names, first)) return names[first] ?? field;
    return Object.hasOwn(prefix, first) ? `${prefix[first] ?? ""}${field}` : field;
  };
}
