import type { CallOptions } from "../../core/call-options.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { body, flag, integer } from "../../core/fields/fields.js";
import { swarmSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate, withoutVersionChecksFor } from "../../core/versioned-update.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";
import type { Sendable } from "../../types/util.js";
import SwarmInspectMixin from "./inspect.js";
import { swarmSpecVersions } from "./spec-versions.js";

/** The tokens and keys that {@link Client.updateSwarm} replaces. */
export interface RotateOptions {
  /** Whether to replace the join token for workers. Defaults to false. */
  rotateWorkerToken?: boolean | undefined;
  /** Whether to replace the join token for managers. Defaults to false. */
  rotateManagerToken?: boolean | undefined;
  /** Whether to replace the key that unlocks managers. Defaults to false. API 1.25+. */
  rotateManagerUnlockKey?: boolean | undefined;
}

/** Options for {@link Client.updateSwarm}. */
export type UpdateSwarmOptions = RotateOptions &
  (
    | SpecUpdate<SwarmSpec>
    | {
        /** Must be unset: the client uses the current version of the swarm. */
        version?: undefined;
        /** Must be unset: the settings are not changed. */
        spec?: undefined;
      }
  );

/** The request to update a swarm. */
interface SwarmUpdateRequest extends RotateOptions {
  version: number;
  spec: Sendable<SwarmSpec>;
}

const updateSwarm = operation<SwarmUpdateRequest>({
  name: "updateSwarm",
  method: "POST",
  path: "/swarm/update",
  fields: {
    version: integer("version", { required: true }),
    spec: body<SwarmSpec>({ members: swarmSpec, required: true, parts: swarmSpecVersions }),
    rotateWorkerToken: flag("rotateWorkerToken"),
    rotateManagerToken: flag("rotateManagerToken"),
    rotateManagerUnlockKey: flag("rotateManagerUnlockKey", { since: "1.25" }),
  },
  errors: () => swarmErrors,
});

/** Returns the settings unchanged. */
const unchanged = (spec: SwarmSpec): SwarmSpec => spec;

/** Mixed into {@link Client}. */
export default abstract class SwarmUpdateMixin extends SwarmInspectMixin {
  /**
   * Updates the swarm's settings, or replaces its join tokens and unlock key.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmUpdate | SwarmUpdate}
   * @throws {@link VersionConflictError} when the swarm no longer has the expected version, or was changed concurrently during
   * every attempt.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @throws {@link BadRequestError} when a setting is invalid.
   * @example
   * ```ts
   * await client.updateSwarm({ spec: (spec) => ({ ...spec, EncryptionConfig: { AutoLockManagers: true } }) });
   * await client.updateSwarm({ rotateWorkerToken: true });
   * ```
   */
  async updateSwarm(options: UpdateSwarmOptions, call?: CallOptions): Promise<void> {
    const wanted: SpecUpdate<SwarmSpec> = options.version === undefined ? { spec: options.spec ?? unchanged } : options;
    await versionedUpdate("updateSwarm", wanted, call, {
      inspect: (inner) => this.inspectSwarm({}, inner),
      update: (version, spec, inner, current) => {
        return this.send(withoutVersionChecksFor(updateSwarm, current), { ...options, version, spec }, inner);
      },
    });
  }
}
