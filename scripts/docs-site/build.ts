import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compressFiles } from "../compress-files.ts";
import { isFresh } from "../fresh.ts";
import { type Chapter, printLayout } from "./layout.ts";
import { addressOf, attachedFiles, index, pageFiles, readPage, targetOf } from "./pages.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = join(root, "dist/docs/");
const require = createRequire(import.meta.url);
const swagger = dirname(require.resolve("swagger-ui-dist/package.json"));

/** What is beside the pages: each name, and where it comes from. */
const assets = {
  "style.css": join(root, "scripts/docs-site/style.css"),
  "viewer.css": join(root, "scripts/docs-site/viewer.css"),
  "viewer.js": join(root, "scripts/docs-site/viewer.js"),
  "icon.svg": join(root, "portal/icon.svg"),
  "swagger-ui.css": join(swagger, "swagger-ui.css"),
  "swagger-ui-bundle.js": join(swagger, "swagger-ui-bundle.js"),
};

/**
 * Builds the site of the documentation into `dist/docs`: a page of HTML for each of Markdown, and the viewer of the
 * OpenAPI document. It does nothing when what is there is younger than every source.
 */
export function buildDocs(): void {
  const files = [...pageFiles, ...attachedFiles, "docs"].map((file) => join(root, file));
  if (isFresh(`${built}index.html`, [...files, ...Object.values(assets), join(root, "scripts/docs-site")])) return;
  rmSync(built, { recursive: true, force: true });
  for (const file of listLinked()) cpSync(join(root, file), join(root, "dist", addressOf(file) ?? ""));
  mkdirSync(`${built}assets`, { recursive: true });
  for (const [name, source] of Object.entries(assets)) copyFileSync(source, `${built}assets/${name}`);
  compressFiles(`${built}assets/`);
  const chapters = readChapters();
  // The index is last: it tells that all is there.
  for (const file of [...pageFiles.filter((each) => each !== index), index]) writePage(file, chapters);
}

/** The files that a page leads to; of a picture, that for dark screens too. */
function listLinked(): readonly string[] {
  const linked = pageFiles.flatMap((file) => readPage(file).links.map(({ href }) => targetOf(file, href).file));
  const all = linked.flatMap((file) => [file, file.replace(/-light\.png$/, "-dark.png")]);
  return attachedFiles.filter((file) => all.includes(file));
}

function writePage(file: string, chapters: readonly Chapter[]): void {
  const address = addressOf(file) ?? "";
  const path = join(built, `${address.slice("/docs/".length)}${address.endsWith("/") ? "index" : ""}.html`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, printLayout(readPage(file), address, chapters));
}

/** The chapters of the index: its headings, and the pages that it leads to under each. */
function readChapters(): readonly Chapter[] {
  const chapters = new Map<string, Chapter["pages"]>();
  for (const { href, text, section } of readPage(index).links) {
    const address = addressOf(targetOf(index, href).file);
    if (address === undefined) continue;
    chapters.set(section, [...(chapters.get(section) ?? []), { address, title: text }]);
  }
  return [...chapters].map(([title, pages]) => ({ title, pages }));
}
