// Letters of other scripts that look like Latin ones, after case folding. A subset of Unicode's confusables.txt (UTS #39,
// version 16): what people can type and readers cannot tell. Knows no text.

/** Each pair: letters in lower case, and the Latin letter that they, or their capitals, look like. */
const rows: readonly (readonly [letters: string, latin: string])[] = [
  // Cyrillic, then Greek, Armenian, Cherokee, Coptic and letters of phonetic alphabets.
  ["аαɑａ", "a"],
  ["вβʙϐ", "b"],
  ["сϲᴄⅽ", "c"],
  ["ԁɗⅾ", "d"],
  ["еεєҽϵ℮ə", "e"],
  ["ғϝ", "f"],
  ["ɡցԍᶃ", "g"],
  ["нһհʜ", "h"],
  ["іιїɩӏıⅰ׀", "i"],
  ["јʝϳյ", "j"],
  ["кκϰᴋ", "k"],
  ["ⅼʟ", "l"],
  ["мμϻᴍⅿ", "m"],
  ["пηոռɴ", "n"],
  ["оοσօᴏჿ", "o"],
  ["рρϱᴘ", "p"],
  ["ԛգ", "q"],
  ["гʀᴦ", "r"],
  ["ѕʂꜱ", "s"],
  ["тτᴛ", "t"],
  ["υսᴜʋ", "u"],
  ["νѵᴠⅴ", "v"],
  ["ԝωᴡա", "w"],
  ["хχⅹᕁ", "x"],
  ["уγүʏყ", "y"],
  ["ᴢʐ", "z"],
];

/** By letter. */
export const confusables: ReadonlyMap<string, string> = new Map(
  rows.flatMap(([letters, latin]) => Array.from(letters, (letter): [string, string] => [letter, latin])),
);

/** Capitals that look like another letter than their small form does. */
export const confusableCapitals: ReadonlyMap<string, string> = new Map([
  ["Η", "h"],
  ["Ν", "n"],
  ["Υ", "y"],
  ["Ζ", "z"],
]);
