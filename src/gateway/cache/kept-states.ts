// What is kept in a node's memory besides answers: the state of turns, which belongs to no configuration and has room of
// its own. Knows not what it means.

/** How the keys of states begin; those of answers are digests alone. */
export const stateKeyStart = "state:";

/** Of all states of a node. */
export const stateBytes = 64 * 1024 * 1024;
