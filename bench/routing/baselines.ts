// Peers by their public descriptions, in words of our own: a score for each prompt, the higher the sooner the strong model is
// asked. Copies of no code.

/**
 * After LiteLLM's complexity router as its page describes it: seven signs with fixed weights, by words and lengths. Which words
 * is ours to choose.
 */
export function complexityScore(prompt: string): number {
  const text = prompt.toLowerCase();
  const tokens = prompt.length / 4;
  return (
    0.1 * clamp((tokens - 15) / (400 - 15), -1, 1) +
    0.3 * found(text, codeWords, 2) +
    0.25 * found(text, reasoningWords, 2) +
    0.25 * found(text, technicalWords, 3) -
    0.05 * found(text, simpleWords, 1) +
    0.03 * (/first[^.]{1,80}then|\b\d\.\s|step \d/.test(text) ? 1 : 0) +
    0.02 * clamp(((text.match(/\?/g) ?? []).length - 1) / 3, 0, 1)
  );
}

const codeWords =
  /\b(?:function|class|def|import|return|code|python|javascript|java|sql|api|debug|compile|algorithm|array|loop|database|async)\b|```/g;
const reasoningWords =
  /\b(?:step by step|think through|reason|explain why|analy[sz]e|prove|derive|compare|evaluate|therefore|justify|conclude)\b/g;
const technicalWords =
  /\b(?:architecture|distributed|encryption|protocol|kernel|latency|concurrency|theorem|integral|matrix|polynomial|quantum|molecule|enzyme|statistical|regression|equilibrium|hypothesis|topology|probability)\b/g;
const simpleWords = /\b(?:what is|who is|when did|define|list|hello|hi|thanks|translate|how many)\b/g;

function found(text: string, words: RegExp, enough: number): number {
  return Math.min(1, (text.match(words) ?? []).length / enough);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/**
 * After Higress' model router: regular expressions over the last message, in order, the first that fits names the model;
 * here the strong one for what the page's own examples send to one. All other prompts go to the default, the weak one.
 */
export function regexScore(prompt: string): number {
  return strongRules.some((rule) => rule.test(prompt)) ? 1 : 0;
}

const strongRules = [
  /deep thinking|think deeply|深入思考|reason(?:ing)? step by step/i,
  /^\s*(?:code|coding|write code)\b|写代码|```|\bdef \w+\(/i,
  /^\s*(?:math|数学题)|\bsolve\b|\bprove\b|\bequation\b/i,
  /creative:|创意写作/i,
];
