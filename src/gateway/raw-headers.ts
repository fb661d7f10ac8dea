// Work on flat header lists (name, value, name, value), the form in which headers pass through. Knows no header's meaning.

/** The list without the headers for which `drops` says so; it is asked with lower-case names. */
export function withoutHeaders(headers: readonly string[], drops: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!drops(name.toLowerCase())) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

/** Without the headers that `Connection` names: they end at the next hop (RFC 9110, 7.6.1). */
export function withoutListed(headers: string[], connection: string): string[] {
  const lower = connection.toLowerCase();
  if (lower === "" || lower === "keep-alive" || lower === "close") return headers;
  const names = new Set(lower.split(",").map((name) => name.trim()));
  return withoutHeaders(headers, (name) => names.has(name));
}

/** First value of a header, by lower-case name. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    const candidate = headers[index] ?? "";
    if (candidate.length === name.length && candidate.toLowerCase() === name) return headers[index + 1];
  }
  return undefined;
}

/** Every value of a header, by lower-case name. */
export function headersOf(headers: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) values.push(headers[index + 1] ?? "");
  }
  return values;
}
