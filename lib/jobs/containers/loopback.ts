/** Whether an address leads to the container itself. */
export const isLoopback = (host: string): boolean => /^127\./.test(host) || host === "localhost" || host === "::1";
