// The element of a list that must be there.

/** @throws RangeError where the list has no such element: a defect of the laboratory */
export function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no element ${index} in a list of ${list.length}`);
  return item;
}
