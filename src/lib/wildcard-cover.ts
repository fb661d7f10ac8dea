// Whether wildcard patterns leave nothing to another one. Knows no texts: it compares what the patterns say.

/** Beyond so many steps the question is left open. */
const maxSteps = 500;

/** Stands for any character that no pattern names. */
const unnamed = "";

/**
 * Whether every text that fits `pattern` fits one of `others`. True is certain; false may also mean that finding out
 * would take too long.
 */
export function isCovered(pattern: string, others: readonly string[]): boolean {
  const tokens = tokensOf(pattern);
  const automaton = others.map(tokensOf);
  const seen = new Set<string>();
  const open = [{ index: 0, state: automaton.map((other) => closed([0], other)) }];
  // A character that only wildcards take is the hardest for the others: what fits with it fits with any in its place.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { index, state } = next;
    const name = `${index} ${JSON.stringify(state)}`;
    if (seen.has(name)) continue;
    if (seen.size === maxSteps) return false;
    seen.add(name);
    const token = tokens[index];
    if (token === undefined) {
      if (!state.some((positions, which) => positions.includes(automaton[which]?.length ?? -1))) return false;
    } else if (token === "*") {
      open.push({ index: index + 1, state }, { index, state: advanced(state, automaton, unnamed) });
    } else {
      const character = token === "?" ? unnamed : token;
      open.push({ index: index + 1, state: advanced(state, automaton, character) });
    }
  }
  return true;
}

/** Neighbouring stars say no more than one. */
function tokensOf(pattern: string): string[] {
  return Array.from(pattern.toWellFormed().replaceAll(/\*+/gu, "*"));
}

/** For each pattern, the places in it that are reached after one more character. */
function advanced(
  state: readonly (readonly number[])[],
  automaton: readonly (readonly string[])[],
  character: string,
): number[][] {
  return state.map((positions, which) => {
    const tokens = automaton[which] ?? [];
    const reached = positions.flatMap((position) => {
      const token = tokens[position];
      if (token === "*") return position;
      return token === "?" || token === character ? position + 1 : [];
    });
    return closed(reached, tokens);
  });
}

/** A star may stand for nothing. */
function closed(positions: readonly number[], tokens: readonly string[]): number[] {
  const all = new Set(positions);
  for (const position of all) if (tokens[position] === "*") all.add(position + 1);
  return [...all].toSorted((a, b) => a - b);
}
