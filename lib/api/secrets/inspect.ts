import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { Secret } from "../../types/secret.js";

/** Options of {@link Client.inspectSecret}. */
export interface InspectSecretOptions {
  /** ID of the secret, or its beginning, or its name. */
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
   * Tells everything about one secret but what it keeps, which engines never tell. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretInspect | SecretInspect}
   * @throws {@link NoSuchSecretError} when there is no such secret.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  inspectSecret(options: InspectSecretOptions, call?: CallOptions): Promise<Secret> {
    return this.json(inspectSecret, options, call);
  }
}
