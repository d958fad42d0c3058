import { expect, test } from "vitest";
import { readConfiguration } from "../../src/cli/config.ts";

test("validation is that of the documentation, for every country, and without addresses of Microsoft", () => {
  expect(readConfiguration({}, {}).validation).toEqual({
    level: "documented",
    blockedEmailDomains: ["microsoft.com"],
  });
});

test("the settings of validation are read from flags and from the environment", () => {
  const { validation } = readConfiguration(
    { validation: "strict", countries: "pt, ES" },
    { TENANTRY_BLOCKED_EMAIL_DOMAINS: "microsoft.com,Partner.example" },
  );

  expect(validation).toEqual({
    level: "strict",
    blockedEmailDomains: ["microsoft.com", "partner.example"],
    countries: ["PT", "ES"],
  });
});

test("Partner Center is given strictly checked customers, and nothing else may be asked for", () => {
  const flags = {
    provisioner: "partner-center",
    partnerCenterTokenUrl: "https://login.example/token",
    partnerCenterClientId: "an-application",
  };
  const environment = { TENANTRY_PARTNER_CENTER_SECRET: "a secret of the test" };

  expect(readConfiguration(flags, environment).validation.level).toBe("strict");
  expect(() => readConfiguration({ ...flags, validation: "documented" }, environment)).toThrow(
    "--provisioner partner-center goes with --validation strict only.",
  );
});

test("no domain may be blocked", () => {
  expect(readConfiguration({ blockedEmailDomains: "" }, {}).validation.blockedEmailDomains).toEqual([]);
});

test.each([
  [{ validation: "lax" }, "--validation must be one of documented, strict; it is 'lax'."],
  [{ countries: "PT,UK" }, "--countries must be a list of ISO 3166-1 codes; 'UK' is none."],
  [{ blockedEmailDomains: "a@b" }, "--blocked-email-domains must be a list of domains; 'a@b' is none."],
])("%j is refused with what would be right", (flags, message) => {
  expect(() => readConfiguration(flags, {})).toThrow(message);
});
