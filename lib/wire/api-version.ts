/** The lowest API version that this package supports. @category Versions */
export const MIN_API_VERSION = "1.24";

/** The highest API version that this package supports. @category Versions */
export const MAX_API_VERSION = "1.55";

/** Whether a string has the form of an API version, such as `1.41`. */
export function isApiVersion(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}

/**
 * Compares two API versions by their numbers.
 *
 * @returns a negative number if `a` is older than `b`, zero if they are equal, else a positive number.
 */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Whether `version` is `since` or newer. */
export function atLeast(version: string, since: string): boolean {
  return compareVersions(version, since) >= 0;
}
