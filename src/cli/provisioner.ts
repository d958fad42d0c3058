import { randomUUID } from "node:crypto";
import type { Context } from "../onboarding/offer.ts";
import type { Provisioner } from "../onboarding/provisioner.ts";
import { httpProvisioner } from "../provisioners/http.ts";
import { localProvisioner } from "../provisioners/local.ts";
import { playful } from "../provisioners/local-play.ts";
import { partnerCenterProvisioner } from "../provisioners/partner-center.ts";
import { tokensOf } from "../provisioners/partner-center-token.ts";
import { refreshTokenFrom } from "../provisioners/refresh-token.ts";
import type { Configuration } from "./config.ts";

const answerSecondsMax = 30;
const creationSecondsMax = 100;
const readableSecondsMax = 600;
const pollSeconds = 5;

/** Makes the provisioner that a configuration names. */
export function openProvisioner(context: Context, configuration: Configuration): Provisioner {
  const { database, clock } = context;
  const { provisioner, development } = configuration;
  const common = { database, clock, newId: randomUUID };
  switch (provisioner.kind) {
    case "local": {
      const { delaySeconds, failureRate } = provisioner;
      return playful(localProvisioner(common), { clock, delaySeconds, failureRate, magicDomains: development });
    }
    case "http":
      return httpProvisioner({ ...common, ...provisioner, secondsMax: answerSecondsMax });
    case "partner-center": {
      const { url, sandbox, refreshToken: configured } = provisioner;
      const refreshToken = configured === undefined ? undefined : refreshTokenFrom(configured, context);
      const tokens = tokensOf({ ...provisioner, refreshToken, clock, secondsMax: answerSecondsMax });
      // The creation is answered when the tenant is there, which takes its time.
      const patience = { secondsMax: creationSecondsMax, readableSecondsMax, pollSeconds };
      return partnerCenterProvisioner({ ...common, ...patience, url, sandbox, tokens });
    }
  }
}
