// Mode intelligent in the form: candidates, what matters, rules, domains, and what stands folded. Loaded when the mode is chosen.
import { CandidatesEditor, DefaultModel } from "./candidates-editor.tsx";
import { DomainsPart } from "./domains-part.tsx";
import { DraftPreview } from "./draft-preview.tsx";
import { DraftTest } from "./draft-test.tsx";
import { ProfileEditor } from "./profile-editor.tsx";
import { AdvancedCard, ClassifierCard, ConversationCard, LearningCard } from "./routing-cards.tsx";
import { RulesPart } from "./rules-part.tsx";
import policies from "../policies/policies.module.css";

export function IntelligentEditor() {
  return (
    <>
      <CandidatesEditor />
      <DefaultModel />
      <ProfileEditor />
      <DraftPreview />
      <RulesPart />
      <DomainsPart />
      <div className={policies["cards"]}>
        <AdvancedCard />
        <ConversationCard />
        <ClassifierCard />
        <LearningCard />
      </div>
      <DraftTest />
    </>
  );
}
