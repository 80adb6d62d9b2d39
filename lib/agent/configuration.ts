import { readFileSync } from "node:fs";
import * as z from "zod";
import type { AgentOptions } from "./options.js";
import { Policy } from "./policy/policy.js";
import { policySettings } from "./policy/settings.js";

/** Reads the policy of an agent. @throws an error that names the file and what is wrong in it. */
export function readPolicy({ policy = {} }: AgentOptions, socket: string | undefined): Policy {
  const where = typeof policy === "string" ? `the policy ${policy}` : "the policy";
  let settings: unknown = policy;
  if (typeof policy === "string") {
    try {
      settings = JSON.parse(readFileSync(policy, "utf8"));
    } catch (error) {
      throw new TypeError(`${where} cannot be read as JSON`, { cause: error });
    }
  }
  const parsed = policySettings.safeParse(settings);
  if (!parsed.success) throw new TypeError(`${where} is invalid: ${z.prettifyError(parsed.error)}`);
  return new Policy(parsed.data, socket);
}
