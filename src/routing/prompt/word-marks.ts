// Words that say something by themselves: politeness, questions, what is asked for, and small words by which languages
// are told apart. Knows no prompt.
import { hashOfWord } from "./word-hash.ts";

/** Says nothing of what is wanted. */
export const polite = 1;
/** Stands in every text of its language. */
export const common = 2;
/** A small word of another language that is written in Latin letters. */
export const foreign = 4;
/** Begins a question. */
export const asking = 8;
/** Asks for thought. */
export const demanding = 16;
/** Binds the answer. */
export const binding = 32;
/** Of a character: with the next one it may be marked. */
export const beginsPair = 64;

const rows: readonly (readonly [mark: number, words: string])[] = [
  [
    polite,
    "please pls plz thanks thank thx hi hello hey dear kindly sorry greetings cheers appreciated regards welcome advance " +
      "grateful gratitude appreciate morning afternoon evening",
  ],
  [
    common,
    "a an the of to and in for on that is was with he as it by at from his be has are have but were not this who they " +
      "had which will their or its one also we would two been she her than into you your i me my can do does did so if " +
      "them what him some there all out up about when no dont doesnt didnt isnt arent cant wont im id ill youre its " +
      "s t could should may might must just how these those such any am our us very more most much lot really here",
  ],
  [
    foreign,
    "le la les un une des du est et que qui pour dans avec sur pas vous nous je il elle ce cette comment quel quelle " +
      "sont mon votre au aux der die das und ist nicht ein eine einen den dem mit von zu auf fur wie ich sie wir wird " +
      "sind auch kann el los las por para con una como esta este es del se su mi cual o os um uma nao em com voce eu " +
      "seu sua isso dos ao il lo gli che di non sono per della nel come questo quale het een van niet dat zijn hoe ik " +
      "jag och att det som pa av jeg ikke og er til kan bir ve bu icin nasil ile jak nie jest czy na si ne je co " +
      "yang dan di untuk dengan adalah ini apa la cua va cho trong khong nhu toi ban",
  ],
  [asking, "who whom whose what when where which why how whats hows wheres"],
  [
    demanding,
    "prove proof derive derivation analyze analyse analysis evaluate compare contrast critique design architect " +
      "architecture optimize optimise optimal reason reasoning justify explain strategy tradeoff tradeoffs trade implement " +
      "implementation refactor debug complexity theorem lemma integral algorithm distributed concurrent concurrency step " +
      "steps rigorous detailed comprehensive thoroughly depth plan simulate research infer deduce hypothesis",
  ],
  [
    binding,
    "must should only exactly least without ensure except unless requirements requirement constraints constraint assume " +
      "given following format json words sentences cannot never always each every according",
  ],
];

const politeGlyphs = "请谢您";
const politePairs = "你好 您好 谢谢 麻烦 劳驾 请问 帮忙 感谢 辛苦";
const commonGlyphs =
  "的了是在我你他她它们这這那个和与及或就都也还把被给对从到会能可以要想有没不一些很之而其于为上下中里吗呢吧啊呀哦让用请帮说地得着著过来去";
const askingGlyphs = "谁哪啥么嘛吗几何";
const demandingPairs =
  "证明 推导 分析 比较 评估 设计 优化 论证 实现 架构 推理 步骤 详细 深入 全面 对比 原理 复杂 算法 方案 策略 权衡 规划 研究 解释";
const bindingPairs = "必须 不要 只能 至少 至多 不超 确保 要求 格式 限制 条件 以下 如下 每个 字数 除非";

/** Marks by the hash of a word, in an open table. */
export class WordMarks {
  private readonly hashes = new Int32Array(2_048);
  private readonly marks = new Uint8Array(2_048);
  private readonly last = 2_047;
  private readonly characters = new Uint8Array(0x10000);

  constructor() {
    for (const [mark, words] of rows) for (const word of words.split(" ")) this.add(word, mark);
    const byCharacter = [
      [polite, politeGlyphs],
      [common, commonGlyphs],
      [asking, askingGlyphs],
    ] as const;
    for (const [mark, glyphs] of byCharacter) for (const glyph of glyphs) this.addToCharacter(glyph, mark);
    const byPair = [
      [polite, politePairs],
      [demanding, demandingPairs],
      [binding, bindingPairs],
    ] as const;
    for (const [mark, pairs] of byPair)
      for (const pair of pairs.split(" ")) {
        this.add(pair, mark);
        this.addToCharacter(pair, beginsPair);
      }
  }

  private addToCharacter(text: string, mark: number): void {
    const code = text.charCodeAt(0);
    this.characters[code] = (this.characters[code] ?? 0) | mark;
  }

  private add(word: string, mark: number): void {
    const place = this.placeOf(hashOfWord(word));
    this.hashes[place] = hashOfWord(word);
    this.marks[place] = (this.marks[place] ?? 0) | mark;
  }

  private placeOf(hash: number): number {
    let place = hash & this.last;
    while (this.hashes[place] !== hash && this.hashes[place] !== 0) place = (place + 1) & this.last;
    return place;
  }

  /** 0: none. */
  of(hash: number): number {
    return this.marks[this.placeOf(hash)] ?? 0;
  }

  /** Of a character of a script without spaces. */
  ofCharacter(code: number): number {
    return this.characters[code] ?? 0;
  }
}
