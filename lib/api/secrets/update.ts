import type { CallOptions } from "../../core/call-options.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { driverVersions } from "../../core/fields/fields.js";
import { body, integer, pathParam } from "../../core/fields/fields.js";
import { secretSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate, withoutVersionChecksFor } from "../../core/versioned-update.js";
import type { SecretSpec } from "../../types/secret.js";
import type { Sendable } from "../../types/util.js";
import SecretInspectMixin from "./inspect.js";

/** Options for {@link Client.updateSecret}. */
export type UpdateSecretOptions = {
  /** ID, ID prefix or name of the secret. */
  id: string;
} & SpecUpdate<SecretSpec>;

/** The request to update a secret. */
interface SecretUpdateRequest {
  id: string;
  version: number;
  spec: Sendable<SecretSpec>;
}

const updateSecret = operation<SecretUpdateRequest>({
  name: "updateSecret",
  method: "POST",
  path: "/secrets/{id}/update",
  since: "1.26",
  fields: {
    id: pathParam,
    version: integer("version", { required: true }),
    spec: body<SecretSpec>({
      members: secretSpec,
      required: true,
      parts: { Driver: "1.31", ...driverVersions("Driver"), Templating: "1.37", ...driverVersions("Templating") },
    }),
  },
  errors: ({ id }) => swarmObjectErrors("secret", id),
});

/** Mixed into {@link Client}. */
export default abstract class SecretUpdateMixin extends SecretInspectMixin {
  /**
   * Updates the labels of a secret. Other settings cannot be changed. API 1.26+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretUpdate | SecretUpdate}
   * @throws {@link NoSuchSecretError} when the secret does not exist.
   * @throws {@link VersionConflictError} when the secret no longer has the expected version, or was changed concurrently during
   * every attempt.
   * @throws {@link BadRequestError} when the update changes anything other than the labels.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * await client.updateSecret({ id: "db-password", spec: (spec) => ({ ...spec, Labels: { team: "shop" } }) });
   * ```
   */
  async updateSecret(options: UpdateSecretOptions, call?: CallOptions): Promise<void> {
    const { id } = options;
    await versionedUpdate("updateSecret", options, call, {
      inspect: (inner) => this.inspectSecret({ id }, inner),
      update: (version, spec, inner, current) => {
        const request = { ...options, version, spec };
        return this.send(withoutVersionChecksFor(updateSecret, current), request, inner);
      },
    });
  }
}
