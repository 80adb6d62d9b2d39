import { FileError } from "./file-error.js";

/** The maximum length of a name, in bytes. */
export const NAME_MAX = 255;

/** The maximum length of a path, in bytes, with the zero at its end. */
export const PATH_MAX = 4096;

/** Splits a canonical path into its parts; the root has none. */
export const partsOf = (path: string): string[] => (path === "/" ? [] : path.slice(1).split("/"));

/** Splits an absolute path at slashes, without empty parts and `.`. */
export const looseParts = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");

/** Splits the name of an entry of an archive, without following links. Returns undefined if it leads outside. */
export function insideParts(name: string): string[] | undefined {
  const parts: string[] = [];
  for (const part of looseParts(name)) {
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}

/** Returns the path of a file in a directory. */
export const childPath = (directory: string, name: string): string => (directory === "/" ? `/${name}` : `${directory}/${name}`);

/** Returns the directory of a canonical path; the root is its own. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** Returns the last part of a canonical path; empty for the root. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Returns whether a canonical path is a directory or below it. */
export const isWithin = (path: string, directory: string): boolean =>
  path === directory || directory === "/" || path.startsWith(`${directory}/`);

/** Checks the length of a path and of its last part. */
export function checkLength(path: string): void {
  if (Buffer.byteLength(path) >= PATH_MAX || Buffer.byteLength(lastPart(path)) > NAME_MAX)
    throw new FileError("ENAMETOOLONG", path);
}

/** Orders names by their bytes. */
export const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
