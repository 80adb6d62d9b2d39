/** Returns whether a value matches a pattern, in which `*` stands for any number of characters. */
function matches(pattern: string, value: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  if (parts.length === 1) return value === pattern;
  const last = parts[parts.length - 1] ?? "";
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  // each piece is found at its first place, so that the time stays linear
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= value.length - last.length;
}

/** Returns whether a value matches one of several patterns. */
export function matchesAny(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => matches(pattern, value));
}
