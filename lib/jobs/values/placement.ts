/** Where on a swarm containers run, and how many. One engine refuses them. @category Jobs */
export interface SwarmPlacement {
  /** How many containers run. 1 by default. */
  readonly replicas?: number | undefined;
  /** Whether a container runs on each node, in place of `replicas`. false by default. */
  readonly global?: boolean | undefined;
  /** What nodes must have, such as `node.labels.disk == ssd` or `node.hostname != old`. All nodes do by default. */
  readonly constraints?: readonly string[] | undefined;
}
