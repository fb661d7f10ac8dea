// The rule for names of objects, checked while one types. The control plane has the last word.

/** Whether a text may name an object or a part of one. */
export function isObjectName(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/u.test(text);
}

/** A name that nobody has yet: the wanted one, else with the first free number behind it. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const name = wanted.slice(0, 64 - suffix.length) + suffix;
    if (!names.has(name)) return name;
  }
}
