/** Announces the next step. */
export function say(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\n\u001b[1m• ${text}\u001b[0m\n` : `\n• ${text}\n`);
}

/** Prints the result of the step. */
export function tell(text: string): void {
  process.stdout.write(`  ${text.trimEnd().replaceAll("\n", "\n  ")}\n`);
}
