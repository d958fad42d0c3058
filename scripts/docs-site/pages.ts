import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Markdown, readMarkdown } from "./markdown.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const schemes = /^[a-z][a-z+.-]*:/i;

/** The page that lists all others. */
export const index = "docs/README.md";
/** The documents beside `docs/` that belong to the site. */
const documents = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
const attachments = ["Dockerfile", "deploy/*.*", "examples/**/*.ts", "docs/images/*.png"];

/** The pages of the site, by their paths in the repository. */
export const pageFiles: readonly string[] = [...globSync("docs/**/*.md", { cwd: root }).sort(), ...documents];

/** The files that pages may lead to. */
export const attachedFiles: readonly string[] = globSync(attachments, { cwd: root }).sort();

/** Reads a page, with its links as they are on the site. */
export function readPage(file: string): Markdown {
  return readMarkdown(readFileSync(root + file, "utf8"), (href) => resolveLink(file, href));
}

/** Tells where a file of the repository is on the site; undefined: it is not there. */
export function addressOf(file: string): string | undefined {
  if (attachedFiles.includes(file)) return file.startsWith("docs/") ? `/${file}` : `/docs/files/${file}`;
  if (!pageFiles.includes(file)) return undefined;
  if (documents.includes(file)) return `/docs/${file.toLowerCase().replace(/\.md$/, "")}`;
  return `/${file.replace(/(?:README)?\.md$/, "")}`;
}

/** Tells which file of the repository, and which anchor in it, a link of a page leads to. */
export function targetOf(file: string, href: string): { readonly file: string; readonly anchor: string } {
  const { pathname, hash } = new URL(href, `file:///${file}`);
  return { file: decodeURIComponent(pathname.slice(1)), anchor: decodeURIComponent(hash.slice(1)) };
}

/** Tells a link that leaves the repository. */
export function isExternal(href: string): boolean {
  return schemes.test(href);
}

function resolveLink(file: string, href: string): string | undefined {
  if (isExternal(href)) return href;
  const target = targetOf(file, href);
  const address = addressOf(target.file);
  if (address === undefined || target.anchor === "") return address;
  return target.file === file ? `#${target.anchor}` : `${address}#${target.anchor}`;
}
