// The built-in domains as people call them, with a sentence on what belongs there: the words of src/routing/domains/built-in,
// as a test says.
import { defineMessages, type Translate } from "../../i18n/messages.ts";

export const builtInDomains = [
  "code",
  "data",
  "math",
  "science",
  "medicine",
  "business",
  "writing",
  "translation",
  "summary",
  "chat",
] as const;
export type BuiltInDomain = (typeof builtInDomains)[number];

export const domainMessages = defineMessages(
  {
    code: "Code",
    data: "Data",
    math: "Math",
    science: "Science",
    medicine: "Medicine",
    business: "Business",
    writing: "Writing",
    translation: "Translation",
    summary: "Summary",
    chat: "Chat",
    general: "general",
    "code-about":
      "writing, reading, reviewing, testing or repairing software, scripts, configuration or commands",
    "data-about":
      "tables, spreadsheets, SQL, statistics of given figures, extracting or converting structured data",
    "math-about": "calculations, equations, proofs, word problems, probability, geometry",
    "science-about": "physics, chemistry, biology, earth, space, engineering and how nature works",
    "medicine-about": "health, illness, drugs, symptoms, anatomy, care",
    "business-about": "companies, finance, marketing, sales, law, management, work",
    "writing-about": "inventing or improving texts: stories, poems, letters, posts, speeches, style",
    "translation-about": "putting a text from one language into another",
    "summary-about": "making a given text shorter, or telling what it says",
    "chat-about": "greetings, small talk, feelings, opinions, recommendations of everyday life",
  },
  {
    code: "代码",
    data: "数据",
    math: "数学",
    science: "科学",
    medicine: "医学",
    business: "商业",
    writing: "写作",
    translation: "翻译",
    summary: "摘要",
    chat: "闲聊",
    general: "通用",
    "code-about": "编写、阅读、评审、测试或修复软件、脚本、配置和命令",
    "data-about": "表格、电子表格、SQL、对给定数据的统计、结构化数据的提取与转换",
    "math-about": "计算、方程、证明、应用题、概率、几何",
    "science-about": "物理、化学、生物、地球、太空、工程以及自然规律",
    "medicine-about": "健康、疾病、药物、症状、解剖、护理",
    "business-about": "公司、财务、营销、销售、法律、管理、职场",
    "writing-about": "创作或改进文字：故事、诗歌、信件、帖子、演讲、文风",
    "translation-about": "把文字从一种语言译成另一种语言",
    "summary-about": "把给定的文字缩短，或说明它讲了什么",
    "chat-about": "问候、闲聊、情感、看法、日常生活的建议",
  },
);

type Words = Translate<(typeof domainMessages)["en"]>;

function isBuiltIn(name: string): name is BuiltInDomain {
  return builtInDomains.some((known) => known === name);
}

/** A domain as people call it; one of a Model API's own stands as it is named. */
export function domainLabel(name: string, t: Words): string {
  return isBuiltIn(name) || name === "general" ? t(name) : name;
}
