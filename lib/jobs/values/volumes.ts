/** A volume that outlives its container. @category Jobs */
export interface DataVolume {
  /** Path in the container. */
  readonly path: string;
}

/** Volumes of a container. @category Jobs */
export interface VolumeConfig {
  /** Paths in the container whose content outlives a new installation. */
  readonly volumes?: readonly DataVolume[] | undefined;
  /** Folders of the host. */
  readonly volumeMounts?: readonly VolumeMount[] | undefined;
}

/** A folder of the host in a container. @category Jobs */
export interface VolumeMount {
  /** Path in the container. */
  readonly path: string;
  /** Path on the host, or the name of a volume of the engine. */
  readonly hostPath: string;
  /** Whether the container cannot change the content. false by default. */
  readonly readOnly?: boolean | undefined;
}
