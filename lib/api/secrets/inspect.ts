import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Secret } from "../../types/secret.js";

/** Options for {@link Client.inspectSecret}. */
export interface InspectSecretOptions {
  /** ID, ID prefix or name of the secret. */
  id: string;
}

const inspectSecret = operation<InspectSecretOptions>({
  name: "inspectSecret",
  method: "GET",
  path: "/secrets/{id}",
  since: "1.25",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("secret", id),
});

/** Mixed into {@link Client}. */
export default abstract class SecretInspectMixin extends Connection {
  /**
   * Returns details of a secret. Engines never return its data. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretInspect | SecretInspect}
   * @throws {@link NoSuchSecretError} when the secret does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  inspectSecret(options: InspectSecretOptions, call?: CallOptions): Promise<Secret> {
    return this.json(inspectSecret, options, call);
  }
}
