// How much each sort of token counts. Found by cross-validation of the built-in domains' examples in both languages and of
// other sets in English (`npm run bench:domains`); flat near what stands here.

export const tokenWeights = {
  /** Part of all words that a word makes up from which on it counts less than half, in n-grams and in vectors. */
  gramRarity: 0.0005,
  vectorRarity: 0.002,

  // In n-grams.
  commonWord: 0.2,
  politeWord: 0.02,
  unknownWord: 0.8,
  pairOfWords: 0.4,
  pairOfSigns: 0.5,
  firstWord: 0.6,
  number: 0.4,
  sign: 0.4,
  pieceOfWord: 0.25,
  /** Characters of scripts without spaces. */
  glyph: 0.5,
  commonGlyph: 0.12,
  politeGlyph: 0.02,
  pairOfGlyphs: 1,

  // In vectors.
  phrase: 1,
  /** A Chinese word of one character. */
  singlePhrase: 0.5,
  /** What characters and their pairs count, of their weight in n-grams. */
  glyphsInVector: 0.5,
  unknownInVector: 0.25,
};
