/**
 * Removes all occurrences of some characters from the end of a string.
 *
 * The regular expression `/[…]+$/` does the same in quadratic time: it starts again at every run of these characters inside the
 * string, which may be output of a container.
 *
 * @param text - the string.
 * @param characters - the characters to remove, in any order.
 * @returns the string without them, or the same string.
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
