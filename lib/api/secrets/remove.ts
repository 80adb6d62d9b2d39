import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.removeSecret}. */
export interface RemoveSecretOptions {
  /** ID, ID prefix or name of the secret. */
  id: string;
}

const removeSecret = operation<RemoveSecretOptions>({
  name: "removeSecret",
  method: "DELETE",
  path: "/secrets/{id}",
  since: "1.25",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("secret", id),
});

/** Mixed into {@link Client}. */
export default abstract class SecretRemoveMixin extends Connection {
  /**
   * Removes a secret. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretDelete | SecretDelete}
   * @throws {@link NoSuchSecretError} when the secret does not exist.
   * @throws {@link SwarmObjectInUseError} when a service uses the secret.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  async removeSecret(options: RemoveSecretOptions, call?: CallOptions): Promise<void> {
    await this.send(removeSecret, options, call);
  }
}
