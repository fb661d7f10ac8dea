// How much each sort of token counts. Found by measurement (docs/routing.md), the same for all languages of its kind.

export const knobs = {
  /** Part of all words from which on a word counts less than half, in grams and in vectors. */
  gramRarity: 0.0005,
  vectorRarity: 0.002,
  commonWord: 0.2,
  politeWord: 0.02,
  unknownWord: 0.8,
  pairOfWords: 0.4,
  pairOfSigns: 0.5,
  firstWord: 0.6,
  number: 0.4,
  sign: 0.4,
  pieceOfWord: 0.25,
  glyph: 0.5,
  commonGlyph: 0.12,
  politeGlyph: 0.02,
  pairOfGlyphs: 1,
  /** Known Chinese words in the vector; of one character; and characters by themselves. */
  phrase: 1,
  singlePhrase: 0.5,
  glyphsInVector: 0.5,
  unknownInVector: 0.25,
};
