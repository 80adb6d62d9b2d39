/*
 * Foreign text in messages: names in archives, addresses, settings, responses of engines, output of other programs. It may be
 * megabytes long, and it may contain sequences that a terminal obeys.
 */

/** The number of characters of a foreign text that a message shows. */
const SHOWN = 200;

/** The number of characters of a whole message. The whole response of an engine is in the `body` of the error. */
const LONGEST_MESSAGE = 16 * 1024;

/** Control characters, line separators, and characters that change the direction of writing. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function escape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // half of a surrogate pair is not a character
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
}

/**
 * Returns foreign text for a message: on one line, escaped and cut.
 *
 * @param text - the text.
 * @param length - the number of characters to keep.
 */
export function shown(text: string, length = SHOWN): string {
  return cut(text, length).replace(unprintable, escape);
}

/**
 * Returns foreign text for a message in quotes, escaped as in JSON and cut.
 *
 * @param text - the text.
 * @param length - the number of characters to keep.
 */
export function quoted(text: string, length = SHOWN): string {
  return JSON.stringify(cut(text, length)).replace(unprintable, escape);
}

/** Returns a whole message, which may have several lines: safe to print, and of limited length. */
export function printable(message: string): string {
  return cut(message, LONGEST_MESSAGE).replace(unprintable, (character) =>
    /[\n\t]/.test(character) ? character : escape(character),
  );
}
