import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { Secret } from "../../types/secret.js";

/** What secrets are listed. A filter with several values takes secrets that have any of them. @category Secrets */
export type ListSecretsFilters = {
  /** The start of their ID. API 1.29+. */
  id?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. API 1.29+. */
  label?: FilterValue | undefined;
  /** The start of their name. API 1.29+. */
  name?: FilterValue | undefined;
  /** Their name, all of it. */
  names?: FilterValue | undefined;
};

/** Options of {@link Client.listSecrets}. */
export interface ListSecretsOptions {
  /** What to list. By default all secrets. */
  filters?: ListSecretsFilters | undefined;
}

const listSecrets = operation<ListSecretsOptions>({
  name: "listSecrets",
  method: "GET",
  path: "/secrets",
  since: "1.25",
  fields: { filters: filters<ListSecretsFilters>({ id: "1.29", label: "1.29", name: "1.29" }) },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SecretListMixin extends Connection {
  /**
   * Lists the swarm's secrets, without what they keep. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretList | SecretList}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  listSecrets(options: ListSecretsOptions = {}, call?: CallOptions): Promise<Secret[]> {
    return this.json(listSecrets, options, call);
  }
}
