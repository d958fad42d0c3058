import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A piece of SQL in the sources: where it stands, and its longest text between two values. */
export interface SqlTemplate {
  readonly place: string;
  readonly text: string;
}

const sources = fileURLToPath(new URL("../../src/", import.meta.url));

/** Lists every piece of SQL in the sources that names one of the tables, or the column of the partner. */
export function listSqlTemplates(tables: ReadonlySet<string>): readonly SqlTemplate[] {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const told = ["partnerId", ...tables].map((name) => `"${name}"`);
  return files
    .toSorted()
    .flatMap((file) => templatesOf(file))
    .filter(({ all }) => told.some((name) => all.includes(name)))
    .map(({ place, text }) => ({ place, text }));
}

function templatesOf(file: string): readonly (SqlTemplate & { readonly all: string })[] {
  const source = ts.createSourceFile(file, readFileSync(`${sources}${file}`, "utf8"), ts.ScriptTarget.Latest, true);
  const found: (SqlTemplate & { readonly all: string })[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "sql") {
      const texts = textsOf(node.template);
      const text = texts.toSorted((a, b) => b.length - a.length)[0] ?? "";
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${file}:${line + 1}`, text, all: texts.join("") });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textsOf(template: ts.TemplateLiteral): readonly string[] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [template.text];
  return [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
}
