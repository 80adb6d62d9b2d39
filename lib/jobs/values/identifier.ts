const PATTERN = /^[\w.-]{4,24}$/;

/** Returns why a text is no identifier of a container or an environment, or `undefined` if it is one. */
export function refuseIdentifier(text: string): string | undefined {
  if (text === "") return "identifier may not be empty";
  if (PATTERN.test(text)) return undefined;
  return `an identifier has 4 to 24 letters, digits, dots, underscores and hyphens, unlike ${JSON.stringify(text.slice(0, 64))}`;
}

/** What the names of containers begin with: the engine refuses names that begin with a hyphen or a dot, which identifiers may. */
const PREFIX = "ctr-";

/** Returns the name of the engine's container, or of the service, that has an identifier. */
export function nameOf(id: string): string {
  return `${PREFIX}${id}`;
}
