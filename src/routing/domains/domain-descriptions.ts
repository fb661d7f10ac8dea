// What the built-in domains are, in words for whoever is asked what a prompt is about. Knows no prompt.

export const domainDescriptions: Readonly<Record<string, string>> = {
  code: "writing, reading, reviewing, testing or repairing software, scripts, configuration or commands",
  data: "tables, spreadsheets, SQL, statistics of given figures, extracting or converting structured data",
  math: "calculations, equations, proofs, word problems, probability, geometry",
  science: "physics, chemistry, biology, earth, space, engineering and how nature works",
  medicine: "health, illness, drugs, symptoms, anatomy, care",
  business: "companies, finance, marketing, sales, law, management, work",
  writing: "inventing or improving texts: stories, poems, letters, posts, speeches, style",
  translation: "putting a text from one language into another",
  summary: "making a given text shorter, or telling what it says",
  chat: "greetings, small talk, feelings, opinions, recommendations of everyday life",
};
