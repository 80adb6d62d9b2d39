/** How a storage driver keeps the layers of an image or a container. @category Images */
export interface DriverData {
  /** Name of the storage driver or snapshotter, such as `overlay2`. */
  Name: string;
  /** What the driver tells of the layers, such as paths on the host. Null when it tells nothing. */
  Data: Record<string, string> | null;
}
