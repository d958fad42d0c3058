import { escapeHtml, type Markdown } from "./markdown.ts";

/** One of the four kinds of pages, as the index lists them. */
export interface Chapter {
  readonly title: string;
  readonly pages: readonly { readonly address: string; readonly title: string }[];
}

const sectionLevel = 2;

/** Prints a page of the site: what it says, beside the list of all pages. */
export function printLayout(page: Markdown, address: string, chapters: readonly Chapter[]): string {
  const isViewer = address === "/docs/api";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)} · Tenantry</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${isViewer ? viewerHead : ""}<link rel="stylesheet" href="/docs/assets/style.css">
</head>
<body>
<header>
<a href="/docs/">Tenantry</a>
<a class="skip" href="#pages">All pages</a>
<a href="/portal/">Portal</a>
</header>
<div class="columns">
${isViewer ? printViewer(page) : `<main class="content">\n${page.html}</main>`}
<nav id="pages" aria-label="All pages">
${chapters.map((chapter) => printChapter(chapter, address, page)).join("\n")}
</nav>
</div>
</body>
</html>
`;
}

const viewerHead = `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/assets/viewer.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/docs/assets/viewer.js" defer></script>
`;

// The viewer brings the main part of its page.
function printViewer({ title, html }: Markdown): string {
  const name = escapeHtml(title);
  return `<div class="content">\n<section aria-label="${name}">\n${html}</section>\n<div id="viewer"></div>\n</div>`;
}

function printChapter({ title, pages }: Chapter, address: string, page: Markdown): string {
  const items = pages.map((each) =>
    each.address === address
      ? `<li><a href="${each.address}" aria-current="page">${escapeHtml(each.title)}</a>${printSections(page)}</li>`
      : `<li><a href="${each.address}">${escapeHtml(each.title)}</a></li>`,
  );
  return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join("\n")}\n</ul>`;
}

function printSections({ sections }: Markdown): string {
  const shown = sections.filter(({ level }) => level === sectionLevel);
  if (shown.length === 0) return "";
  return `\n<ul>\n${shown.map(({ anchor, html }) => `<li><a href="#${anchor}">${html}</a></li>`).join("\n")}\n</ul>`;
}
