/** A driver and its options. @category Swarm */
export interface Driver {
  /** Name of the driver. */
  Name: string;
  /** Options of the driver. */
  Options?: Record<string, string>;
}

/** Storage driver data of an image or a container. @category Images */
export interface DriverData {
  /** Name of the storage driver or snapshotter, such as `overlay2`. */
  Name: string;
  /** Driver-specific details, such as host paths. Empty if the driver reports none. */
  Data: Record<string, string>;
}

/** Version of a swarm object. An update must name the version that it is based on. @category Swarm */
export interface ObjectVersion {
  /** Version number, which increases with every change. */
  Index: number;
}

/** An object in the swarm state. @category Swarm */
export interface SwarmObject<Spec> {
  /** ID of the object. */
  ID: string;
  /** Version of the object. */
  Version: ObjectVersion;
  /** Creation time, in RFC 3339 format. */
  CreatedAt: string;
  /** Time of the last update, in RFC 3339 format. */
  UpdatedAt: string;
  /** Settings of the object. */
  Spec: Spec;
}

/** Response of a registry to valid credentials. @category Authentication */
export interface AuthResponse {
  /** Status message, such as `Login Succeeded`. */
  Status: string;
  /** Token to use instead of the password. Absent or empty if the registry does not issue one. */
  IdentityToken?: string;
}
