import { Marked, type RendererObject, type Token } from "marked";
import { getHeadingList, gfmHeadingId } from "marked-gfm-heading-id";

/** Code between fences: its language, what else stands behind the first fence, and the heading that it stands under. */
export interface CodeBlock {
  readonly language: string;
  readonly marks: readonly string[];
  readonly code: string;
  readonly section: string;
}

/** A heading below the title, with the anchor that GitHub gives it. */
interface Section {
  readonly level: number;
  readonly html: string;
  readonly anchor: string;
}

/** A link or a picture: where it leads as it is written, what it says, and the heading that it stands under. */
interface Link {
  readonly href: string;
  readonly text: string;
  readonly section: string;
}

/** What a page of Markdown holds. */
export interface Markdown {
  readonly title: string;
  readonly sections: readonly Section[];
  readonly links: readonly Link[];
  readonly codeBlocks: readonly CodeBlock[];
  readonly html: string;
}

/** Reads a page of Markdown in GitHub's dialect. `resolve` says where a link leads; of undefined only the text is left. */
export function readMarkdown(text: string, resolve: (href: string) => string | undefined = (href) => href): Markdown {
  const links: Link[] = [];
  const codeBlocks: CodeBlock[] = [];
  let section = "";
  const walkTokens = (token: Token) => {
    if (token.type === "heading") section = token["text"];
    if (token.type === "code") codeBlocks.push(readCodeBlock(token["lang"], token["text"], section));
    if (token.type !== "link" && token.type !== "image") return;
    links.push({ href: token["href"], text: token["text"], section });
    token["href"] = resolve(token["href"]) ?? "";
  };
  const marked = new Marked<string, string>(gfmHeadingId(), { walkTokens, renderer });
  const html = makeScrollable(marked.parse(text, { async: false }));
  const [title, ...below] = getHeadingList();
  const sections = below.map(({ level, text: inner, id }) => ({ level, html: inner, anchor: id }));
  return { title: title?.raw ?? "", sections, links, codeBlocks, html };
}

function readCodeBlock(info: string | undefined, text: string, section: string): CodeBlock {
  const [language = "", ...marks] = (info ?? "").split(" ");
  return { language, marks, code: `${text}\n`, section };
}

const renderer: RendererObject<string, string> = {
  link({ href, tokens }) {
    return href === "" ? this.parser.parseInline(tokens) : false;
  },
  // Of each picture of the portal there is one in light and one in dark.
  image({ href, text }) {
    const picture = `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}" loading="lazy">`;
    if (!href.endsWith("-light.png")) return picture;
    const dark = href.replace(/-light\.png$/, "-dark.png");
    return `<picture><source media="(prefers-color-scheme: dark)" srcset="${escapeHtml(dark)}">${picture}</picture>`;
  },
};

// What is wider than the screen is scrolled by itself, with the keyboard too.
function makeScrollable(html: string): string {
  return html
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll("<table>", '<div class="wide" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");
}

/** Writes a text so that HTML shows it as it is. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
