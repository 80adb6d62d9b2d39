/** A driver, by name and options. @category Swarm */
export interface Driver {
  /** Name of the driver. */
  Name: string;
  /** Options of the driver. */
  Options?: Record<string, string>;
}

/** How a storage driver keeps the layers of an image or a container. @category Images */
export interface DriverData {
  /** Name of the storage driver or snapshotter, such as `overlay2`. */
  Name: string;
  /** What the driver tells of the layers, such as paths on the host. Null when it tells nothing. */
  Data: Record<string, string> | null;
}

/** Version of an object that a swarm keeps. An update must name the version it starts from. @category Swarm */
export interface ObjectVersion {
  /** The number: it grows with each change. */
  Index: number;
}

/** An object that the managers of a swarm keep. @category Swarm */
export interface SwarmObject<Spec> {
  /** ID of the object. */
  ID: string;
  /** Version of the object. */
  Version: ObjectVersion;
  /** When it was made, in RFC 3339. */
  CreatedAt: string;
  /** When it was last changed, in RFC 3339. */
  UpdatedAt: string;
  /** Its settings. */
  Spec: Spec;
}
