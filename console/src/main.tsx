// Starts the console in the page: styles, theme, language, queries, router.
import { createRoot } from "react-dom/client";
import { StrictMode } from "react";
import "./ui/styles.ts";
import { Root } from "./app/root.tsx";

const element = document.querySelector("#root");
if (element === null) throw new Error("index.html has no #root");
createRoot(element).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
