/** Splits a command line at spaces, with single and double quotes, so that cases are short to write. There are no expansions. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)|\s+/g)) {
    const part = single ?? double ?? plain;
    if (part !== undefined) word = (word ?? "") + part;
    else if (piece !== "" && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
