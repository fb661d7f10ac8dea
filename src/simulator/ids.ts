// Ids of the kinds that providers give out. Chance comes in, so that a test can have the same ids again.

export function newId(random: () => number, prefix: string): string {
  const part = (): string =>
    Math.floor(random() * 36 ** 10)
      .toString(36)
      .padStart(10, "0");
  return `${prefix}${part()}${part()}`;
}

/** An id in the form of a UUID of version 4. */
export function newUuid(random: () => number): string {
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
}
