/** The objects whose names may contain slashes. */
const longNames = /^\/(images|plugins|distribution)\//;

/**
 * Translates a path with placeholders, such as `/containers/{id}/start`, into a regular expression with named groups.
 *
 * @param pattern - the path. A placeholder stands for one part of a path; in names of images and plugins, for one or several.
 * @throws a `TypeError` unless it begins with a slash.
 */
export function compilePath(pattern: string): RegExp {
  if (!pattern.startsWith("/")) throw new TypeError(`the path ${JSON.stringify(pattern)} does not begin with a slash`);
  const name = longNames.test(pattern) ? ".+" : "[^/]+";
  const parts = pattern.split(/(\{\w+\})/).map((part) => {
    const placeholder = /^\{(\w+)\}$/.exec(part);
    return placeholder ? `(?<${placeholder[1]}>${name})` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
