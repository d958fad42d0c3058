import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { begin } from "./session/begin.ts";

const place = document.getElementById("portal");
if (place === null) throw new Error("The page has no place for the portal.");
const beginning = begin();
createRoot(place).render(
  <StrictMode>
    <RendererProvider renderer={createDOMRenderer(document)}>
      <App beginning={beginning} />
    </RendererProvider>
  </StrictMode>,
);
