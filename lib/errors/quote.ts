/*
 * Untrusted text in messages: names in archives, addresses, settings, responses of engines, output of other programs. It may be megabytes long, and it may contain control sequences for a terminal.
 */

/** The maximum number of characters of an untrusted text that a message shows. */
const SHOWN = 200;

/** The maximum number of characters of a whole message. An error's `body` holds more of the engine's response. */
const LONGEST_MESSAGE = 16 * 1024;

/** Control characters, line separators, and characters that change the writing direction. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function escape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // the cut must not leave a lone surrogate
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
}

/**
 * Prepares untrusted text for a message: on one line, escaped and truncated.
 *
 * @param text - the text.
 * @param length - the maximum number of characters to keep.
 */
export function shown(text: string, length = SHOWN): string {
  return cut(text, length).replace(unprintable, escape);
}

/**
 * Prepares untrusted text for a message: in quotes, escaped as in JSON, and truncated.
 *
 * @param text - the text.
 * @param length - the maximum number of characters to keep.
 */
export function quoted(text: string, length = SHOWN): string {
  return JSON.stringify(cut(text, length)).replace(unprintable, escape);
}

/** Makes a whole message safe to print, and limits its length. The message may have several lines. */
export function printable(message: string): string {
  return cut(message, LONGEST_MESSAGE).replace(unprintable, (character) =>
    /[\n\t]/.test(character) ? character : escape(character),
  );
}
