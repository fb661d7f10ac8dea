// Deep equality of plain data: objects, arrays and primitives, as JSON has them. Knows no class instance.

/** Whether both hold the same data; identical objects are not looked into. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => sameData(item, other[index]));
  }
  const entries = Object.entries(one);
  if (entries.length !== Object.keys(other).length) return false;
  const counterpart = new Map(Object.entries(other));
  return entries.every(([key, value]) => counterpart.has(key) && sameData(value, counterpart.get(key)));
}
