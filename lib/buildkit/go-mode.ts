const SETUID = 0o4000;
const SETGID = 0o2000;
const STICKY = 0o1000;

/** The bits of a mode as BuildKit writes it: those of Go. */
export const GoMode = {
  directory: 2 ** 31,
  symlink: 2 ** 27,
  device: 2 ** 26,
  pipe: 2 ** 25,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  characterDevice: 2 ** 21,
  sticky: 2 ** 20,

  /** Returns the mode for the permission bits of this system, without a type. */
  of(mode: number): number {
    // Windows has no execute permission: otherwise, nothing would run in a Linux container
    const own = process.platform === "win32" ? (mode & 0o755) | 0o111 : mode;
    const setuid = own & SETUID ? GoMode.setuid : 0;
    const setgid = own & SETGID ? GoMode.setgid : 0;
    return (own & 0o777) + setuid + setgid + (own & STICKY ? GoMode.sticky : 0);
  },

  /** Returns the permission bits for this system. */
  permissions(mode: number): number {
    const setuid = GoMode.has(mode, GoMode.setuid) ? SETUID : 0;
    const setgid = GoMode.has(mode, GoMode.setgid) ? SETGID : 0;
    return (mode & 0o777) | setuid | setgid | (GoMode.has(mode, GoMode.sticky) ? STICKY : 0);
  },

  /** Whether a mode has a bit. */
  has(mode: number, bit: number): boolean {
    return Math.floor(mode / bit) % 2 === 1;
  },

  /** Whether a mode is that of a regular file. */
  isFile(mode: number): boolean {
    return ![GoMode.directory, GoMode.symlink, GoMode.device, GoMode.pipe, 2 ** 24].some((bit) => GoMode.has(mode, bit));
  },
} as const;
