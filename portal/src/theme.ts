import { type Theme, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useEffect, useState, useSyncExternalStore } from "react";

/** How the portal looks: as the system does, or as was chosen. */
export type Appearance = "system" | "light" | "dark";

const appearanceKey = "tenantry.appearance";
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** The theme, and the means to choose another. What was chosen is kept in this browser. */
export function useAppearance(): {
  readonly theme: Theme;
  readonly appearance: Appearance;
  choose(appearance: Appearance): void;
} {
  const [appearance, setAppearance] = useState(readAppearance);
  const isSystemDark = useSyncExternalStore(watchSystem, () => darkSystem.matches);
  const isDark = appearance === "system" ? isSystemDark : appearance === "dark";
  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [isDark]);
  const choose = (chosen: Appearance) => {
    localStorage.setItem(appearanceKey, chosen);
    setAppearance(chosen);
  };
  return { theme: isDark ? webDarkTheme : webLightTheme, appearance, choose };
}

function readAppearance(): Appearance {
  const kept = localStorage.getItem(appearanceKey);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function watchSystem(onChange: () => void): () => void {
  darkSystem.addEventListener("change", onChange);
  return () => darkSystem.removeEventListener("change", onChange);
}
