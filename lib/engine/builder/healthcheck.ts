import type { HealthConfig } from "../../types/health.js";
import { parseDuration } from "../../wire/duration.js";
import { badRequest } from "../engine-error.js";
import { flagsOf, parseJsonForm } from "./arguments.js";
import type { Instruction } from "./dockerfile.js";

const times = {
  interval: "Interval",
  timeout: "Timeout",
  "start-period": "StartPeriod",
  "start-interval": "StartInterval",
} as const;

function parseTime(flag: string, text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) throw badRequest(`time: invalid duration ${JSON.stringify(text)}`);
  if (nanoseconds !== 0n && nanoseconds < 1_000_000n)
    throw badRequest(`Interval ${JSON.stringify(flag)} cannot be less than 1ms`);
  return Number(nanoseconds);
}

/**
 * Parses the instruction `HEALTHCHECK`.
 *
 * @throws {@link EngineError} with status 400 when it is malformed.
 */
export function parseHealthcheck(instruction: Instruction): HealthConfig {
  const [, type = "", command = ""] = /^(\S+)\s*([^]*)$/.exec(instruction.rest) ?? [];
  const kind = type.toUpperCase();
  if (kind === "") throw badRequest("HEALTHCHECK requires at least one argument");
  if (kind === "NONE") {
    if (command !== "") throw badRequest("HEALTHCHECK NONE takes no arguments");
    return { Test: ["NONE"] };
  }
  if (kind !== "CMD") throw badRequest(`Unknown type ${JSON.stringify(kind)} in HEALTHCHECK (try CMD)`);
  const list = parseJsonForm(command);
  if (command === "" || list?.length === 0) throw badRequest("Missing command after HEALTHCHECK CMD");
  const check: HealthConfig = { Test: list ? ["CMD", ...list] : ["CMD-SHELL", command] };
  const flags = flagsOf(instruction, [...Object.keys(times), "retries"]);
  for (const [flag, member] of Object.entries(times)) {
    const text = flags.get(flag);
    if (text !== undefined) check[member] = parseTime(flag, text);
  }
  const retries = flags.get("retries");
  if (retries === undefined) return check;
  if (!/^-?\d+$/.test(retries)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(retries)}: invalid syntax`);
  if (Number(retries) < 0) throw badRequest(`--retries cannot be negative (${retries})`);
  check.Retries = Number(retries);
  return check;
}
