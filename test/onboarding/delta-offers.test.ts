import { describe, expect, test } from "vitest";
import { entityTypes } from "../../src/model/model.ts";
import { parsePath } from "../../src/odata/path.ts";
import { offers } from "../../src/onboarding/offers.ts";
import { startService } from "../support/service.ts";

describe("what is said of delta", () => {
  test("the sets whose changes are tracked are those that offer delta", () => {
    const tracked = entityTypes.filter(({ changes }) => changes === "tracked").map(({ set }) => `/${set}/delta()`);
    const offered = offers.filter(({ answers }) => answers.result === "changes").map(({ path }) => path);

    expect(offered.sort()).toEqual(tracked.sort());
  });

  test("the permission is that of the set", () => {
    for (const { path, answers, permission } of offers) {
      if (answers.result !== "changes") continue;
      const list = offers.find((each) => each.method === "GET" && each.path === `/${answers.type.set}`);
      expect(`${path} ${permission}`).toBe(`${path} ${list?.permission}`);
    }
  });

  test("$metadata names the function of each set", async () => {
    await using service = await startService("sqlite");

    const { text } = await service.get("/$metadata", { token: null });

    for (const { name } of entityTypes.filter(({ changes }) => changes === "tracked")) {
      const type = `Type="Collection(graph.${name})" Nullable="false"`;
      expect(text).toContain(`<Parameter Name="bindingParameter" ${type} />`);
      expect(text).toContain(`<ReturnType ${type} />`);
    }
    expect(text?.match(/Term="Capabilities.ChangeTracking"/g)).toHaveLength(2);
  });

  test("OpenAPI describes it, its tokens and its refusals", async () => {
    await using service = await startService("sqlite");

    const { json } = await service.get("/openapi.json", { token: null });

    const { get } = json.paths["/customers/delta()"];
    const options = ["filter", "top", "select", "format", "skiptoken", "deltatoken", "schemaversion"];
    expect(get.parameters).toEqual(
      expect.arrayContaining(options.map((name) => ({ $ref: `#/components/parameters/${name}` }))),
    );
    expect(Object.keys(get.responses)).toEqual(expect.arrayContaining(["200", "410"]));
  });

  test.each(["/customers/deltas", "/customers/mydelta()", "/customers/graph.deltas", "/customers/delta('x')"])(
    "%s is not delta",
    (path) => {
      const template = templateOf(path);

      expect(template).not.toBe("/customers/delta()");
    },
  );
});

function templateOf(path: string): string {
  try {
    return parsePath(path).template;
  } catch (error) {
    return String(error);
  }
}
