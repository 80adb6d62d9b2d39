/** Version of an object that a swarm keeps. An update must name the version it starts from. @category Swarm */
export interface ObjectVersion {
  /** The number: it grows with each change. */
  Index: number;
}
