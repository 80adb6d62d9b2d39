import type { BodyPath } from "../../types/util.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";

/**
 * API version from which engines read a setting of a swarm, by its path. What is not here is read by every engine of API 1.24 and
 * later, or lies in a map.
 */
export const swarmSpecVersions: Readonly<Record<string, string>> = {
  "CAConfig.ExternalCAs[].CACert": "1.30",
  "CAConfig.ForceRotate": "1.30",
  "CAConfig.SigningCACert": "1.30",
  "CAConfig.SigningCAKey": "1.30",
  EncryptionConfig: "1.25",
  "EncryptionConfig.AutoLockManagers": "1.25",
} satisfies Partial<Record<BodyPath<SwarmSpec>, string>>;

/** The same versions for settings that are a member of something else. */
export function within(member: string, versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([path, since]) => [`${member}.${path}`, since]));
}
