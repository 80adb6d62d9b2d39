import type { CallOptions } from "../../core/call-options.js";
import type { Platform } from "../../core/fields/fields.js";
import { UnsupportedVersionError } from "../../errors/usage-errors.js";
import { atLeast } from "../../wire/api-version.js";

/** First API version in which a request can select several platforms. */
const SEVERAL_PLATFORMS = "1.52";

/**
 * Rejects several platforms if the API version supports only one.
 *
 * @param client - the client, which negotiates the API version.
 * @param operation - name of the method.
 * @throws {@link UnsupportedVersionError} when several platforms are selected and the API version is too old.
 */
export async function checkPlatforms(
  client: { readonly endpoint: string; negotiate(call?: CallOptions): Promise<string> },
  operation: string,
  platform: Platform | readonly Platform[] | undefined,
  call: CallOptions | undefined,
): Promise<void> {
  if (!Array.isArray(platform) || platform.length < 2) return;
  const version = await client.negotiate(call);
  if (atLeast(version, SEVERAL_PLATFORMS)) return;
  const subject = `more than one platform in option "platform" of ${operation}`;
  throw new UnsupportedVersionError(subject, { version, since: SEVERAL_PLATFORMS }, { operation, endpoint: client.endpoint });
}
