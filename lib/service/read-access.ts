import { readFileSync, statSync } from "node:fs";
import { Access } from "./access.js";
import { type ListenAddress, parseListenAddress } from "./listen-address.js";
import type { ServiceOptions } from "./service-options.js";

/** Reads who may call a service. @throws a `TypeError` that says what is wrong with the tokens or their file. */
export function readAccess({ tokens = [], tokenFile, tls, hosts }: ServiceOptions): Access {
  const all = [...tokens, ...(tokenFile === undefined ? [] : readTokens(tokenFile))];
  if (all.some((token) => !/^\S{8,}$/.test(token))) throw new TypeError("a token has at least 8 characters and no white space");
  return new Access({ tokens: all, clientNames: tls?.clientNames, hosts: hosts?.map((host) => host.toLowerCase()) });
}

/**
 * Parses the addresses that a service listens on.
 *
 * @throws a `TypeError` if other machines could reach one of them without authentication.
 */
export function readAddresses({ listen = [], tls, tokens = [], tokenFile }: ServiceOptions): ListenAddress[] {
  const isAuthenticated = tls?.ca !== undefined || tokens.length > 0 || tokenFile !== undefined;
  return [listen].flat().map((endpoint) => {
    try {
      return parseListenAddress(endpoint, tls, isAuthenticated);
    } catch (error) {
      if (isAuthenticated) throw error;
      throw new TypeError(`${(error as Error).message}; set tokens, tokenFile or tls.ca to listen beyond this machine`, {
        cause: error,
      });
    }
  });
}

function readTokens(file: string): string[] {
  let mode: number;
  let text: string;
  try {
    ({ mode } = statSync(file));
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new TypeError(`the token file ${file} cannot be read`, { cause: error });
  }
  if ((mode & 0o077) !== 0) throw new TypeError(`the token file ${file} can be read by others: change its mode to 0600`);
  const tokens = text.split("\n").map((line) => line.trim());
  const found = tokens.filter((line) => line !== "" && !line.startsWith("#"));
  if (found.length === 0) throw new TypeError(`the token file ${file} has no token`);
  return found;
}
