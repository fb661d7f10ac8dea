// The same prompt as somebody else would type it: in other letters, with slips, with courtesies. Seeded, so that it is the same
// each time. Knows no router.
import { randomStream, type Random } from "../lab/random.ts";

interface PromptNoise {
  readonly name: string;
  apply(text: string, seed: number): string;
}

/** One of so many words, or Chinese characters, has a slip. */
const slipEvery = 12;

/** What sounds alike and is mistaken for each other when Chinese is typed by its sound. */
const homophones = new Map(
  [
    "在再",
    "的得",
    "做作",
    "像象",
    "以已",
    "他她",
    "那哪",
    "需须",
    "到道",
    "是事",
    "有又",
    "和合",
    "时实",
    "成程",
  ]
    .concat([
      "公工",
      "数树",
      "文问",
      "写些",
      "请情",
      "用永",
      "表标",
      "方放",
      "机级",
      "分份",
      "会汇",
      "应因",
      "长常",
    ])
    .flatMap((pair): [string, string][] => {
      const [left = "", right = ""] = pair;
      return [
        [left, right],
        [right, left],
      ];
    }),
);

/** Swaps two letters, drops one or doubles one, never the first. */
function slip(word: string, random: Random): string {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const [before, letter, next] = [word.slice(0, at), word[at] ?? "", word[at + 1] ?? ""];
  const kind = Math.floor(random() * 3);
  if (kind === 0) return before + next + letter + word.slice(at + 2);
  return kind === 1 ? before + word.slice(at + 1) : before + letter + word.slice(at);
}

function withSlips(text: string, seed: number): string {
  const random = randomStream(seed);
  return text.replaceAll(/[a-z]{4,}|\p{Script=Han}/giu, (found) => {
    if (random() >= 1 / slipEvery) return found;
    return found.length > 1 ? slip(found, random) : (homophones.get(found) ?? "");
  });
}

const courtesies = {
  en: [
    ["Hi there, could you please help me with this? ", " Thank you so much!"],
    ["Good morning! I'd be very grateful for your help. ", " Thanks in advance."],
    ["Please: ", " Thanks!"],
  ],
  zh: [
    ["你好，请帮我看一下：", "，谢谢！"],
    ["您好，麻烦您了，", "。非常感谢！"],
    ["请问一下，", "，拜托了"],
  ],
} as const;

function withCourtesy(text: string, seed: number): string {
  const rows = courtesies[/\p{Script=Han}/u.test(text) ? "zh" : "en"];
  const [before = "", after = ""] = rows[Math.floor(randomStream(seed)() * rows.length)] ?? [];
  return before + text + after;
}

export const promptNoises: readonly PromptNoise[] = [
  { name: "all in capitals", apply: (text) => text.toUpperCase() },
  { name: "all in small letters", apply: (text) => text.toLowerCase() },
  { name: `slips in one of ${slipEvery} words or characters`, apply: withSlips },
  { name: "courtesies before and after", apply: withCourtesy },
  {
    name: "slips, courtesies and small letters",
    apply: (text, seed) => withCourtesy(withSlips(text.toLowerCase(), seed), seed),
  },
];
