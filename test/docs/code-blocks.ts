import { readFileSync } from "node:fs";
import { type CodeBlock, readMarkdown } from "../../scripts/docs-site/markdown.ts";

/** Gives the code of a page of the documentation, block by block; of one language only, if one is named. */
export function readCodeBlocks(page: string, language?: string): readonly CodeBlock[] {
  const { codeBlocks } = readMarkdown(readFileSync(new URL(`../../${page}`, import.meta.url), "utf8"));
  return codeBlocks.filter((block) => language === undefined || block.language === language);
}
