import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readMarkdown } from "../../scripts/docs-site/markdown.ts";
import { addressOf, index, isExternal, pageFiles, targetOf } from "../../scripts/docs-site/pages.ts";
import { createStorage, startProcess } from "../support/process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = globSync(["*.md", "docs/**/*.md"], { cwd: root });
const documents = new Map(files.map((file) => [file, readMarkdown(readFileSync(root + file, "utf8"))]));
const links = [...documents].flatMap(([from, { links }]) =>
  links.filter(({ href }) => !isExternal(href)).map(({ href }) => ({ from, href, ...targetOf(from, href) })),
);

describe("documents link only to what is there", () => {
  test("files, pictures and folders", () => {
    const broken = links.filter(({ file }) => !existsSync(root + file));

    expect(links.length).toBeGreaterThan(300);
    expect(broken.map(({ from, href }) => `${from}: ${href}`)).toEqual([]);
  });

  test("headings", () => {
    const anchored = links.filter(({ anchor }) => anchor !== "");
    const broken = anchored.filter(({ file, anchor }) => {
      return documents.get(file)?.sections.some((section) => section.anchor === anchor) !== true;
    });

    expect(anchored.length).toBeGreaterThan(5);
    expect(broken.map(({ from, href }) => `${from}: ${href}`)).toEqual([]);
  });
});

test("the index of the documentation lists every page once, under one of the four kinds", () => {
  const { sections, links: listed } = documents.get(index) ?? readMarkdown("");
  const pages = pageFiles.filter((file) => file !== index && !/^docs\/decisions\/\d/.test(file));

  expect(sections.map(({ html }) => html)).toEqual(["Tutorial", "How-to guides", "Reference", "Explanation"]);
  expect(listed.map(({ href }) => targetOf(index, href).file).sort()).toEqual([...pages].sort());
});

test("every page of the site answers, and leads only to what answers", { timeout: 60_000 }, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const origin = server.origins[0] ?? "";
  const asked = new Map<string, number>();
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(origin + path);
    asked.set(path, response.status);
    return response.headers.get("content-type")?.startsWith("text/html") === true ? response.text() : "";
  };

  for (const file of pageFiles) {
    const address = addressOf(file) ?? "";
    const html = await ask(address);
    const found = [...html.matchAll(/(?:href|src|srcset)="([^"#]+)[^"]*"/g)].map(([, link = ""]) => link);
    for (const link of found.filter((each) => !isExternal(each) && !asked.has(each))) await ask(link);
  }

  expect(asked.size).toBeGreaterThan(pageFiles.length);
  expect([...asked].filter(([, status]) => status !== 200)).toEqual([]);
});
