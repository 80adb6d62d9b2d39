const MIB = 1024 * 1024;

/** The memory of a slice, in bytes. */
export const SLICE_MEMORY = { container: 512 * MIB, "container-small": 512 * MIB, "container-large": 1024 * MIB };

/** The most processes of an isolated container. */
export const ISOLATED_PIDS = 512;
