import type { SwarmSpec } from "../../types/swarm-spec.js";
import type { BodyPath } from "../../types/util.js";

/**
 * API version that introduced each setting of a swarm, by path. Unlisted settings exist in all API versions since 1.24, or are
 * map entries.
 */
export const swarmSpecVersions: Readonly<Record<string, string>> = {
  "CAConfig.ExternalCAs[].CACert": "1.30",
  "CAConfig.ForceRotate": "1.30",
  "CAConfig.SigningCACert": "1.30",
  "CAConfig.SigningCAKey": "1.30",
  EncryptionConfig: "1.25",
  "EncryptionConfig.AutoLockManagers": "1.25",
} satisfies Partial<Record<BodyPath<SwarmSpec>, string>>;

/** Prefixes the paths of settings with the member that contains them. */
export function within(member: string, versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([path, since]) => [`${member}.${path}`, since]));
}
