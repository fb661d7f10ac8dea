// The built-in domains as people call them, with a sentence on what belongs there. Their names are fixed.
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
    math: "Mathematics",
    science: "Science",
    medicine: "Medicine",
    business: "Business",
    writing: "Writing",
    translation: "Translation",
    summary: "Summary",
    chat: "Chat",
    general: "general",
    "code-about": "Writing, reading, testing and mending programs, scripts and commands.",
    "data-about": "Tables, SQL, figures that are given, and getting structured data out of texts.",
    "math-about": "Calculations, equations, proofs, probability, geometry.",
    "science-about": "Physics, chemistry, biology, engineering, and how nature works.",
    "medicine-about": "Health, illness, drugs, symptoms, care.",
    "business-about": "Companies, finance, marketing, sales, law, management.",
    "writing-about": "Making or improving texts: stories, letters, posts, speeches, style.",
    "translation-about": "Putting a text from one language into another.",
    "summary-about": "Making a given text shorter, or telling what it says.",
    "chat-about": "Greetings, small talk, feelings, opinions, everyday advice.",
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
    "code-about": "编写、阅读、测试、修复程序、脚本与命令。",
    "data-about": "表格、SQL、给定数据的统计，以及从文本中提取结构化数据。",
    "math-about": "计算、方程、证明、概率、几何。",
    "science-about": "物理、化学、生物、工程，以及自然的原理。",
    "medicine-about": "健康、疾病、药物、症状、护理。",
    "business-about": "公司、财务、营销、销售、法律、管理。",
    "writing-about": "创作或润色文本：故事、信件、帖子、演讲、文风。",
    "translation-about": "把文本从一种语言译成另一种语言。",
    "summary-about": "缩短给定文本，或说明其内容。",
    "chat-about": "问候、闲谈、情感、看法、日常建议。",
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
