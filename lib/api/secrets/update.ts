import type { CallOptions } from "../../core/call-options.js";
import { driverVersions } from "../../core/fields/fields.js";
import { body, pathParam, integer } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, withoutVersionChecksFor, versionedUpdate } from "../../core/versioned-update.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { SecretSpec } from "../../types/secret.js";
import SecretInspectMixin from "./inspect.js";

/** Options of {@link Client.updateSecret}. */
export type UpdateSecretOptions = {
  /** ID of the secret, or its beginning, or its name. */
  id: string;
} & SpecUpdate<SecretSpec>;

/** What an update of a secret sends. */
interface SecretUpdateRequest {
  id: string;
  version: number;
  spec: SecretSpec;
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
      required: true,
      parts: { Driver: "1.31", ...driverVersions("Driver"), Templating: "1.37", ...driverVersions("Templating") },
    }),
  },
  errors: ({ id }) => swarmObjectErrors("secret", id),
});

/** Mixed into {@link Client}. */
export default abstract class SecretUpdateMixin extends SecretInspectMixin {
  /**
   * Changes a secret's labels. Nothing else of it can change. API 1.26+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretUpdate | SecretUpdate}
   * @throws {@link NoSuchSecretError} when there is no such secret.
   * @throws {@link VersionConflictError} when the secret is in another version, or others changed it each time.
   * @throws {@link BadRequestError} when something else than labels would change.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
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
        return this.send(withoutVersionChecksFor(updateSecret, current), request, inner, { confidential: [spec.Data] });
      },
    });
  }
}
