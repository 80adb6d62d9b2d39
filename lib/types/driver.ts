/** A driver, by name and options. @category Swarm */
export interface Driver {
  /** Name of the driver. */
  Name: string;
  /** Options of the driver. */
  Options?: Record<string, string>;
}
