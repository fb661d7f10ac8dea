// Prompts as somebody else would have written them: other letters' case, typing errors, politeness. The same each time.
import { draw } from "../lab/random.ts";

export type Noise = (prompt: string, seed: number) => string;

export const noises: Readonly<Record<string, Noise>> = {
  "lower case": (prompt) => prompt.toLowerCase(),
  "upper case": (prompt) => prompt.toUpperCase(),
  "typing errors": typed,
  politeness: polite,
};

/** Two neighbouring letters change places in one word of fifty, one at least. */
function typed(prompt: string, seed: number): string {
  const words = prompt.split(/(?<=\s)/);
  const long = [...words.keys()].filter((place) => /^\p{L}{4,}/u.test(words[place] ?? ""));
  const errors = Math.max(1, Math.round(words.length / 50));
  for (let error = 0; error < errors && long.length > 0; error += 1) {
    const place = long[Math.floor(draw(seed, error, 1) * long.length)] ?? 0;
    const word = words[place] ?? "";
    const at = 1 + Math.floor(draw(seed, error, 2) * 2);
    words[place] = `${word.slice(0, at)}${word.charAt(at + 1)}${word.charAt(at)}${word.slice(at + 2)}`;
  }
  return words.join("");
}

const greetings = ["Hi! ", "Hello, could you please help me? ", "Please: ", "Good morning. "];
const thanks = [" Thanks!", " Thank you very much.", "\nThanks in advance!", ""];

function polite(prompt: string, seed: number): string {
  const greeting = greetings[Math.floor(draw(seed, 3) * greetings.length)] ?? "";
  const end = thanks[Math.floor(draw(seed, 4) * thanks.length)] ?? "";
  return `${greeting}${prompt}${end}`;
}
