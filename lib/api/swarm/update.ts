import type { CallOptions } from "../../core/call-options.js";
import { body, flag, integer } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, withoutVersionChecksFor, versionedUpdate } from "../../core/versioned-update.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";
import SwarmInspectMixin from "./inspect.js";
import { swarmSpecVersions } from "./spec-versions.js";

/** What {@link Client.updateSwarm} replaces by something new. */
export interface RotateOptions {
  /** Whether workers need a new token to join. By default false. */
  rotateWorkerToken?: boolean | undefined;
  /** Whether managers need a new token to join. By default false. */
  rotateManagerToken?: boolean | undefined;
  /** Whether locked managers need a new key. By default false. API 1.25+. */
  rotateManagerUnlockKey?: boolean | undefined;
}

/** Options of {@link Client.updateSwarm}. */
export type UpdateSwarmOptions = RotateOptions &
  (
    | SpecUpdate<SwarmSpec>
    | {
        /** Always unset: the swarm's own version is used. */
        version?: undefined;
        /** Left out, the settings stay as they are. */
        spec?: undefined;
      }
  );

/** What an update of a swarm sends. */
interface SwarmUpdateRequest extends RotateOptions {
  version: number;
  spec: SwarmSpec;
}

const updateSwarm = operation<SwarmUpdateRequest>({
  name: "updateSwarm",
  method: "POST",
  path: "/swarm/update",
  fields: {
    version: integer("version", { required: true }),
    spec: body<SwarmSpec>({ required: true, parts: swarmSpecVersions }),
    rotateWorkerToken: flag("rotateWorkerToken"),
    rotateManagerToken: flag("rotateManagerToken"),
    rotateManagerUnlockKey: flag("rotateManagerUnlockKey", { since: "1.25" }),
  },
  errors: () => swarmErrors,
});

/** Leaves settings as they are. */
const unchanged = (spec: SwarmSpec): SwarmSpec => spec;

/** Mixed into {@link Client}. */
export default abstract class SwarmUpdateMixin extends SwarmInspectMixin {
  /**
   * Changes the swarm's settings, or replaces the tokens and the key that let others in.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmUpdate | SwarmUpdate}
   * @throws {@link VersionConflictError} when the swarm is in another version, or others changed it each time.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @throws {@link BadRequestError} when a setting cannot be.
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
        const extras = { confidential: [spec.CAConfig?.SigningCAKey] };
        return this.send(withoutVersionChecksFor(updateSwarm, current), { ...options, version, spec }, inner, extras);
      },
    });
  }
}
