// How well a text fits what was typed. Pure; knows no object.

/** Larger is better; null: it does not fit. */
export function fitOf(typed: string, text: string): number | null {
  const wanted = typed.trim().toLowerCase();
  const given = text.toLowerCase();
  if (wanted === "") return 0;
  const at = given.indexOf(wanted);
  if (at === 0) return given.length === wanted.length ? 5 : 4;
  if (at > 0) return /[\s\-_./]/u.test(given[at - 1] ?? "") ? 3 : 2;
  // Every word somewhere, in any order; else its letters in order.
  const words = wanted.split(/\s+/u);
  if (words.length > 1 && words.every((word) => given.includes(word))) return 1.5;
  let from = 0;
  for (const letter of wanted.replaceAll(/\s+/gu, "")) {
    const found = given.indexOf(letter, from);
    if (found < 0) return null;
    from = found + 1;
  }
  return 1;
}

/** The items that fit, best first; among equals the order stays. */
export function ranked<Item>(
  items: readonly Item[],
  typed: string,
  textsOf: (item: Item) => readonly string[],
): Item[] {
  return items
    .flatMap((item, index) => {
      const fits = textsOf(item).flatMap((text) => fitOf(typed, text) ?? []);
      return fits.length === 0 ? [] : [{ item, index, fit: Math.max(...fits) }];
    })
    .toSorted((a, b) => b.fit - a.fit || a.index - b.index)
    .map(({ item }) => item);
}
