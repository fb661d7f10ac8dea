// Known ways to talk a model out of its instructions, as a table. Patterns are for folded text: lower case, without
// accents, white space as one space. Knows no text and decides nothing.
import type { Risk } from "../check.ts";

export interface AttackRule {
  readonly id: string;
  /** What it catches, for the documentation. */
  readonly catches: string;
  /** Where the attack is described. */
  readonly source: string;
  readonly risk: Risk;
  /** Every match holds one of them: only what stands around them is looked at. */
  readonly anchors: readonly string[];
  /** Of `linear-pattern.ts`; any of them. No match is longer than 200 characters. */
  readonly patterns: readonly string[];
}

const owasp = "OWASP Top 10 for LLM applications 2025, LLM01";
const perez = "Perez and Ribeiro, Ignore Previous Prompt, 2022 (arXiv 2211.09527)";
const greshake = "Greshake et al., Not what you've signed up for, 2023 (arXiv 2302.12173)";
const shen = "Shen et al., Do Anything Now, 2023 (arXiv 2308.03825)";
const wei = "Wei et al., Jailbroken, 2023 (arXiv 2307.02483)";
const schulhoff = "Schulhoff et al., Ignore This Title and HackAPrompt, 2023 (arXiv 2311.16119)";
const kang = "Kang et al., Exploiting Programmatic Behavior of LLMs, 2023 (arXiv 2302.05733)";
const bhatt = "Bhatt et al., CyberSecEval 2, 2024 (arXiv 2404.13161)";

const dropped = String.raw`\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overlook|override|bypass|neglect|discard|erase|do not follow|don't follow|stop following)\b`;
const orders =
  "(?:instruct(?:ions?|ed)|directives?|prompts?|rules?|guidelines?|orders?|commands?|constraints?|programming|directions?|context|messages?|tasks?|told|said)";

export const attackRules: readonly AttackRule[] = [
  {
    id: "ignore-instructions",
    catches: "Orders to drop the instructions that came before",
    source: perez,
    risk: "high",
    anchors: [
      "ignor",
      "disregard",
      "forget",
      "overlook",
      "override",
      "bypass",
      "neglect",
      "discard",
      "erase",
      "follow",
    ],
    patterns: [
      String.raw`${dropped}[a-z ,']{0,24}\b(?:previous|prior|preceding|above|earlier|former|foregoing|initial|original|system)\b[a-z ,']{0,24}\b${orders}\b`,
      String.raw`${dropped}(?: about)?(?: all)?(?: of)? (?:your|those|these)(?: own)? ${orders}\b`,
      String.raw`${dropped}[a-z ']{0,16}\b(?:everything|everthing|all|anything|whatever)\b[a-z ']{0,24}\b(?:told|said|instructed|learned|written|above|before)\b`,
      String.raw`${dropped}(?: all)?(?: of)?(?: the)? (?:above|foregoing)\b(?: and| instructions|,|\.|:| ignore)`,
    ],
  },
  {
    id: "ignore-instructions-other-languages",
    catches: "The same in French, German, Spanish, Portuguese, Italian, Japanese and Korean",
    source: bhatt,
    risk: "high",
    anchors: [
      "ignor",
      "oubli",
      "vergiss",
      "vergessen",
      "olvid",
      "esquec",
      "dimentic",
      "無視",
      "忘れ",
      "무시",
    ],
    patterns: [
      "(?:ignore[zr]?|oublie[zr]?) (?:toutes )?(?:les|vos|tes|ces) (?:instructions|consignes|ordres|regles)",
      "(?:ignorier(?:e|en|t)|vergiss|vergessen)(?: sie)?(?: bitte)? (?:alle|die|deine|ihre|samtliche)[a-z ]{0,20}(?:anweisung|befehl|instruktion|regel|vorgabe)",
      "(?:ignor[aey]|olvid[aey]|ignorar|olvidar?) (?:todas )?(?:las|tus|sus|estas) (?:instrucciones|ordenes|reglas|indicaciones)",
      "(?:ignor[ea]|ignorar|esquec[ea]) (?:todas )?(?:as|suas|tuas|essas) (?:instrucoes|ordens|regras)",
      "(?:ignor[ai]|ignorare|dimentic[ah]i?) (?:tutte )?(?:le|tue|queste) (?:tue )?(?:istruzioni|regole|indicazioni)",
      "(?:以前|これまで|上記|前|先ほど)の(?:すべての|全ての)?(?:指示|命令|ルール)を(?:すべて|全て)?(?:無視|忘れ)",
      "(?:이전|위|앞)(?:의|의 모든| 모든)? ?(?:지시|명령)(?:사항|문)?(?:을|를)? ?(?:모두 )?무시",
    ],
  },
  {
    id: "ignore-instructions-chinese",
    catches: "The same in Chinese",
    source: owasp,
    risk: "high",
    anchors: [
      "忽略",
      "无视",
      "忘记",
      "忘掉",
      "忽视",
      "抛开",
      "不要遵守",
      "不要遵循",
      "不再遵守",
      "無視",
      "忘記",
    ],
    patterns: [
      "(?:忽略|无视|無視|忘记|忘記|忘掉|忽视|抛开|不要遵守|不要遵循|不再遵守)[^。!?]{0,10}(?:之前|以前|上面|以上|前面|先前|此前|上述|所有|全部|一切|你的|系统|原有|原来)[^。!?]{0,10}(?:指令|指示|提示|规则|規則|要求|命令|设定|限制|约束|对话|安全|prompt)",
    ],
  },
  {
    id: "reveal-instructions",
    catches: "Questions for the system prompt",
    source: perez,
    risk: "high",
    anchors: ["prompt", "instruction", "system message", "guidelines", "rules", "repeat "],
    patterns: [
      String.raw`\b(?:show|reveal|print|repeat|output|display|tell me|give me|leak|dump|write out|expose|recite|copy|what (?:is|are|was|were)|what's|summari[sz]e|translate)\b[a-z ,']{0,24}\b(?:system prompt|system message|system instructions?|(?:initial|hidden|secret|original) (?:prompt|instructions?|system prompt)|prompt above|instructions above|above (?:prompt|instructions?)|(?:previous|preceding|prior) (?:prompt|instructions?))\b`,
      String.raw`\b(?:show|reveal|print|repeat|output|display|leak|dump|expose|recite|tell me|give me)(?: me| us)?(?: all| exactly)?(?: of)? your(?: own| full| entire| exact)? (?:prompt|instructions|rules|guidelines)\b`,
      String.raw`\brepeat (?:all |everything |the )?(?:words|text|everything) (?:above|before)\b`,
    ],
  },
  {
    id: "reveal-instructions-chinese",
    catches: "The same in Chinese",
    source: owasp,
    risk: "high",
    anchors: ["提示", "指令", "设定", "规则", "prompt", "系统消息"],
    patterns: [
      "(?:显示|输出|告诉我|透露|泄露|打印|重复|复述|说出|给我看|展示|公开|背诵)[^。!?]{0,12}(?:系统提示|系统指令|系统消息|初始指令|初始提示|最初的(?:指令|提示)|你的(?:指令|设定|规则|提示词|提示|prompt)|system prompt)",
    ],
  },
  {
    id: "known-jailbreak",
    catches: "Names and openings of jailbreaks that are passed around",
    source: shen,
    risk: "high",
    anchors: [
      "do anything now",
      "dan",
      "developer mode",
      "jailbr",
      "evil",
      "machiavellian",
      "unfiltered",
      "uncensored",
      "god mode",
      "stan",
      "opposite mode",
    ],
    patterns: [
      String.raw`\b(?:do anything now|dan mode|jailbr(?:eak|oken) mode|evil (?:mode|confidant)|always intelligent and machiavellian|opposite mode|unfiltered and amoral)\b`,
      String.raw`\b(?:developer|god|jailbreak|debug) mode (?:is )?(?:now )?(?:enabled|activated|on\b|output)`,
      String.raw`\byou (?:are|will be|will act as|shall be)(?: now| going to be| from now on)?(?: an?| called| named)? (?:dan|stan|dude|jailbroken|unfiltered|uncensored)\b`,
    ],
  },
  {
    id: "no-restrictions",
    catches: "Roles that have no rules",
    source: shen,
    risk: "high",
    anchors: ["without", "no ", "free from", "free of", "unrestricted", "uncensored", "amoral", "freed"],
    patterns: [
      String.raw`\b(?:act|pretend|behave|respond|reply|answer|role ?play|you are|you're|you have been|you will be)\b[a-z ,']{0,60}\b(?:without(?: any)?|no|free (?:of|from)(?: all| any)?|freed from(?: all)?) (?:restrictions?|limits?|limitations?|filters?|guidelines|censorship|moral|ethic(?:s|al)|content polic(?:y|ies)|rules|constraints)\b`,
      String.raw`\b(?:act|pretend|behave|you are|you're)\b[a-z ,']{0,30}\b(?:unrestricted|uncensored|amoral|unfiltered) (?:ai|model|assistant|chatbot|language model|bot)\b`,
    ],
  },
  {
    id: "no-restrictions-chinese",
    catches: "The same in Chinese",
    source: owasp,
    risk: "high",
    anchors: ["限制", "约束", "道德", "开发者模式", "越狱", "dan", "上帝模式", "审查"],
    patterns: [
      "(?:你现在是|从现在开始|现在开始|扮演|假装|假设你是|进入|开启|启动)[^。!?]{0,20}(?:没有(?:任何)?(?:限制|约束|道德|规则|审查)|不受(?:任何)?(?:限制|约束|道德)|无(?:任何)?限制|无审查|开发者模式|越狱模式|dan ?模式|上帝模式)",
    ],
  },
  {
    id: "false-mode",
    catches: "Announcements of a mode in which nothing holds any more",
    source: bhatt,
    risk: "high",
    anchors: ["mode", "override", "系统模式"],
    patterns: [
      String.raw`\b(?:now |i am |i'm )?(?:entering|entered|initiating|activating|enabling|switching to)\b[a-z ']{0,30}\b(?:override|developer|debug|admin(?:istrator)?|root|god|sudo|unrestricted|verification|enforcement|system)(?: override)? mode\b`,
      String.raw`\b(?:override|sudo|unrestricted|admin override|system) mode (?:is )?(?:now )?(?:activated|enabled|engaged|on\b)`,
      String.raw`<[^<>]{0,24}\b(?:system|override|developer|admin|root) mode\b[^<>]{0,24}>`,
      String.raw`\b(?:security|system|developer|law enforcement|training data|admin) override(?: mode)?(?: (?:confirmed|activated|engaged|initiated)|[:>])`,
    ],
  },
  {
    id: "chat-template",
    catches: "Marks of chat templates, by which a text poses as a message of the system",
    source: greshake,
    risk: "medium",
    anchors: ["<|", "[inst]", "[/inst]", "<<sys>>", "[system]"],
    patterns: [
      String.raw`<\|(?:im_start|im_end|im_sep|system|endoftext|start_header_id|end_header_id|eot_id|assistant|user)\|>`,
      String.raw`\[\/?inst\]|<<\/?sys>>|\[system\]`,
    ],
  },
  {
    id: "orders-in-content",
    catches: "Texts that speak to the model which reads them",
    source: greshake,
    risk: "high",
    anchors: [
      "ignore the",
      "ignore this",
      "ignore all",
      "ignorez",
      "reading this",
      "processing this",
      "summarizing this",
      "summarising this",
      "evaluating this",
      "reviewing this",
      "to the llm",
      "to the ai",
      "无视",
      "忽略",
      "無視",
    ],
    patterns: [
      String.raw`\bignore (?:the|this|all)(?: rest of the)? (?:web ?page|page|function|resume|cv|article|paper|table|document|code|e?mail|text|data|content|question|user)s?\b[^.!?]{0,40}\b(?:state|say|print|output|respond|give|tell|write|reply|return|answer)\b`,
      "ignorez (?:la|le|les|cette|ce) [a-z]{2,16} et (?:indiquez|dites|repondez|affichez|ecrivez)",
      String.raw`\b(?:ai|llm|language model|assistant|chatbot|model)s?,? (?:that (?:is|are) )?(?:reading|processing|summari[sz]ing|reviewing|evaluating) this\b[^.!?]{0,60}\b(?:must|should|please|need to|shall)\b`,
      "(?:忽略|无视|無視)[^。!?]{0,12}(?:网页|文章|文档|简历|邮件|内容|表格|代码)[^。!?]{0,12}(?:并|然后|直接|只)[^。!?]{0,6}(?:回答|输出|说|告诉|回复)",
    ],
  },
  {
    id: "hide-from-user",
    catches: "Orders to keep something from the user, and pictures whose address carries data away",
    source: greshake,
    risk: "medium",
    anchors: ["the user", "![", "不要告诉用户"],
    patterns: [
      String.raw`\b(?:do not|don't|never) (?:tell|inform|mention|reveal|let|show|alert)\b[a-z ,']{0,24}\bthe user\b`,
      String.raw`!\[[^\]]{0,40}\]\(https?:\/\/[^) ]{1,100}[?&][a-z_]{1,20}=(?:\{|<|\$|\[|%7b)`,
      "不要告诉用户",
    ],
  },
  {
    id: "answer-begins",
    catches: "Dictated beginnings of answers, and orders not to refuse",
    source: wei,
    risk: "medium",
    anchors: ["with", "apologi", "refus", "disclaimer", "warning", "不要拒绝", "不得拒绝", "不能拒绝"],
    patterns: [
      String.raw`\b(?:start|begin)(?: all)? your (?:answers?|responses?|repl(?:y|ies)|outputs?) with ["']{0,2}(?:sure|absolutely|of course|yes|certainly|access|i am able)`,
      String.raw`\b(?:do not|don't|never|must not|may not|cannot|can't) (?:ever )?(?:apologi[sz]e|refuse|decline)\b[a-z ,']{0,30}\b(?:answer|respond|request|question|me|order|comply)`,
      "(?:不要|不得|不能|禁止)拒绝[^。!?]{0,10}(?:回答|请求|问题|我)",
    ],
  },
  {
    id: "false-authority",
    catches: "Claims of an office that the model has to obey",
    source: bhatt,
    risk: "medium",
    anchors: ["i am ", "i'm ", "as your ", "developed by", "我是你的"],
    patterns: [
      String.raw`\bi(?:'m| am)(?: actually)? (?:your|the) (?:developer|creator|programmer|administrator|admin|boss|owner|ceo|president)\b[^!?]{0,100}\b(?:need|must|have to|has to|share|give me|tell me|provide|require|important)\b`,
      String.raw`\bi(?:'m| am) god\b`,
      String.raw`\bas an ai developed by\b[^!?]{0,60}\b(?:initiating|entering|activating)\b`,
      String.raw`\bas your (?:boss|developer|creator|administrator|admin|owner|programmer), i\b`,
      "我是你的(?:开发者|创造者|管理员|主人|老板|程序员)[^。!?]{0,30}(?:必须|需要|命令|告诉|服从|提供)",
    ],
  },
  {
    id: "asks-for-secrets",
    catches: "Questions for passwords and keys that the model may know",
    source: schulhoff,
    risk: "medium",
    anchors: [
      "password",
      "passcode",
      "passphrase",
      "secret key",
      "secret code",
      "access code",
      "api key",
      "confidential",
      "credentials",
      "密码",
      "密钥",
    ],
    patterns: [
      String.raw`\b(?:what(?:'s| is| was| would)|tell me(?: what)?|give me|share|reveal|send me|confirm|print|provide|say|disclose|know what)(?: is| with me| me| us)?[a-z ,']{0,12}\b(?:your|the secret) ?(?:own |current )?(?:password|passcode|passphrase|secret key|secret code|access code|api key|credentials)`,
      String.raw`\bwhat(?:'s| is) (?:the|our) (?:password|passcode|passphrase|secret)(?: for (?:our|the|your) (?:system|database|server))?\?`,
      "(?:告诉我|说出|透露|给我|输出|你的)[^。!?]{0,6}(?:系统密码|你的密码|密钥是|密码是什么)",
    ],
  },
  {
    id: "split-payload",
    catches: "Orders whose parts are to be put together first",
    source: kang,
    risk: "medium",
    anchors: ["part 1", "combine", "concatenate", "interlace", "strings", "a + b", "smartgpt"],
    patterns: [
      String.raw`\bpart 1(?: is|:)? ?["'].{1,120}["'],? (?:and )?part 2\b`,
      String.raw`\b(?:combine|concatenate|join|interlace)\b[a-z ,0-9']{0,30}\b(?:parts?|strings?|variables?|b,? and c)\b[^.]{0,30}\b(?:and|then) (?:answer|follow|execute|do|run|respond)`,
      String.raw`\bstring z = a ?\+ ?b\b|\b(?:smartgpt|chatgpt|gpt)\(z\)`,
    ],
  },
  {
    id: "encoded-order",
    catches: "Orders to decode something and do what it says",
    source: wei,
    risk: "medium",
    anchors: ["decode", "base64", "rot13", "解码"],
    patterns: [
      String.raw`\b(?:decode|decrypt|de-?cipher)\b[a-z0-9 ,']{0,40}\b(?:and|then)\b[a-z ,']{0,16}\b(?:follow|execute|do what|answer|obey|run|act on|carry out)\b`,
      "解码[^。!?]{0,20}(?:并|然后)[^。!?]{0,6}(?:执行|遵循|照做|回答)",
    ],
  },
];
